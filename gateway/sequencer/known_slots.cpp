#include "gateway/sequencer/known_slots.h"

#include <cstring>

namespace kesher::sequencer {
namespace {

std::size_t size_of(const KnownSlots::Case& known) { return 1 + known.used.size() + known.names.size(); }

}  // namespace

std::size_t KnownSlots::Spread::operator()(const contract::Digest& keyed_hash) const {
    std::size_t value = 0;
    std::memcpy(&value, keyed_hash.bytes.data(), sizeof value);
    return value;
}

std::optional<KnownSlots::Case> KnownSlots::take(const contract::Digest& first_slot) {
    for (Cases* cases : {&met_, &met_before_}) {
        const auto found = cases->find(first_slot);
        if (found == cases->end()) continue;
        Case known = std::move(found->second);
        if (cases == &met_) held_ -= size_of(known);
        cases->erase(found);
        return known;
    }
    return std::nullopt;
}

void KnownSlots::put(const contract::Digest& first_slot, Case known) {
    const std::size_t more = size_of(known);
    if (more > kMost / 2) return;
    if (held_ + more > kMost / 2) {
        met_before_ = std::move(met_);
        met_.clear();
        held_ = 0;
    }
    held_ += more;
    met_.insert_or_assign(first_slot, std::move(known));
}

void KnownSlots::Case::disclose(const contract::Digest& slot) {
    for (Place& place : used) place.disclosed = place.disclosed || place.slot == slot;
}

void KnownSlots::disclosed(const contract::Digest& first_slot, const contract::Digest& slot) {
    for (Cases* cases : {&met_, &met_before_}) {
        const auto found = cases->find(first_slot);
        if (found != cases->end()) found->second.disclose(slot);
    }
}

void KnownSlots::forget() {
    met_.clear();
    met_before_.clear();
    held_ = 0;
}

}  // namespace kesher::sequencer
