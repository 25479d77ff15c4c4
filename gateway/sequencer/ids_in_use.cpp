#include "gateway/sequencer/ids_in_use.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "gateway/keys/secret.h"
#include "gateway/store/whole_tables.h"

namespace kesher::sequencer {
namespace {

using contract::ReferralId;
using store::MessageKey;
using store::Uuid;

constexpr std::size_t kBitsOfBlock = 512;
constexpr std::size_t kBitsOfId = 32;

std::uint64_t random_seed() {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    keys::fill_random(bytes);
    std::uint64_t seed = 0;
    std::memcpy(&seed, bytes.data(), sizeof seed);
    return seed;
}

// The finaliser of SplitMix64: each bit of the answer hangs on each of the question.
std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

std::uint64_t hash_of(std::uint64_t seed, const Uuid& id) {
    std::array<std::uint64_t, 2> halves{};
    static_assert(sizeof halves == sizeof(Uuid));
    std::memcpy(halves.data(), id.data(), sizeof halves);
    return mixed(mixed(seed ^ halves[0]) ^ halves[1]);
}

std::uint64_t hash_of(std::uint64_t seed, const MessageKey& key) {
    return hash_of(mixed(seed ^ std::hash<std::string_view>{}(key.sender.text())), key.id.bytes());
}

}  // namespace

// The block by the hash's lowest bits, the four bits in it by nine bits each of the hash mixed once more.
struct IdsInUse::Place {
    std::size_t block;
    std::array<std::size_t, 4> bits;
};

IdsInUse::IdsInUse(std::size_t ids)
    : blocks_(std::bit_ceil(2 * std::max(ids, kLeastIds) * kBitsOfId) / kBitsOfBlock), seed_(random_seed()) {}

IdsInUse::Place IdsInUse::place_of(std::uint64_t hash) const {
    const std::uint64_t rest = mixed(hash);
    Place place{.block = static_cast<std::size_t>(hash) & (blocks_.size() - 1), .bits = {}};
    for (std::size_t i = 0; i < place.bits.size(); ++i) {
        place.bits[i] = static_cast<std::size_t>(rest >> (9 * i)) & (kBitsOfBlock - 1);
    }
    return place;
}

void IdsInUse::add(std::uint64_t hash) {
    const Place place = place_of(hash);
    Block& block = blocks_[place.block];
    for (const std::size_t bit : place.bits) block[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

bool IdsInUse::may_hold(std::uint64_t hash) const {
    const Place place = place_of(hash);
    const Block& block = blocks_[place.block];
    for (const std::size_t bit : place.bits) {
        if ((block[bit / 64] & std::uint64_t{1} << (bit % 64)) == 0) return false;
    }
    return true;
}

void IdsInUse::add(const MessageKey& key) { add(hash_of(seed_, key)); }
void IdsInUse::add(const ReferralId& number) { add(hash_of(~seed_, number.bytes())); }
bool IdsInUse::may_hold(const MessageKey& key) const { return may_hold(hash_of(seed_, key)); }
bool IdsInUse::may_hold(const ReferralId& number) const { return may_hold(hash_of(~seed_, number.bytes())); }

IdsInUse IdsInUse::stored(store::Connection& connection) {
    IdsInUse ids(store::ids_stored(connection));
    store::for_each_row(connection, store::message_keys_page, [&](const MessageKey& key) { ids.add(key); });
    store::for_each_row(connection, store::referral_ids_page, [&](const ReferralId& id) { ids.add(id); });
    store::for_each_row(connection, store::numbers_sent_page, [&](const ReferralId& id) { ids.add(id); });
    return ids;
}

}  // namespace kesher::sequencer
