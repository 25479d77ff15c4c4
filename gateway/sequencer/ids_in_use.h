// Says of an id that nobody has used it, so that the database need not be asked: of nearly every message that
// comes its own id and its referral's are new. A Bloom filter (Bloom 1970; blocked, Putze et al. 2007):
// "unused" is certain, "perhaps used" is looked up. What is about to be stored is added before, so whatever
// became of a commit, nothing that is stored is missing here.
//
// Its room is that of a start, twice what is stored then; a hub that has taken far more since looks more up,
// and finds its room again at its next start.
//
// Ids are chosen by whoever sends: chosen well they make this slower for all, as slow as without it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gateway/store/messages.h"

namespace kesher::sequencer {

class IdsInUse {
public:
    // All that is stored now. Throws store::DatabaseLost.
    static IdsInUse stored(store::Connection& connection);

    void add(const store::MessageKey& key);
    void add(const contract::ReferralId& number);  // of a referral, or of a question asked under a number
    [[nodiscard]] bool may_hold(const store::MessageKey& key) const;
    [[nodiscard]] bool may_hold(const contract::ReferralId& number) const;

    // Room for `ids` of them and as many again, 32 bits each; made for tests by itself.
    explicit IdsInUse(std::size_t ids);
    static constexpr std::size_t kLeastIds = std::size_t{1} << 17;

private:
    // One line of the processor's cache: four bits of one block say an id.
    using Block = std::array<std::uint64_t, 8>;
    struct Place;
    [[nodiscard]] Place place_of(std::uint64_t hash) const;
    void add(std::uint64_t hash);
    [[nodiscard]] bool may_hold(std::uint64_t hash) const;

    std::vector<Block> blocks_;
    std::uint64_t seed_;  // drawn: who chooses ids does not know where they fall
};

}  // namespace kesher::sequencer
