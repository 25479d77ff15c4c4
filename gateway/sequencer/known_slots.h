// Which referrals fill the slots of the cases that were met lately, so that a submission need not look again.
//
// Only the single writer fills slots and nobody empties one: what it has read or written stays so as long as
// its session with the database lives. Held in memory alone, for as many slots as kMost; a case that is not
// here is looked up. A submission's time then tells a body no more how many others of the case there are, or
// hardly: whoever asks twice is answered from here.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "gateway/store/referrals.h"

namespace kesher::sequencer {

class KnownSlots {
public:
    // Of one case, from slot 0 on and without a gap.
    using Used = std::vector<store::UsedSlot>;
    static constexpr std::size_t kMost = 65'536;  // slots and cases together; about 16 MiB

    // Takes the case out: a batch that fails leaves nothing here that is not stored.
    [[nodiscard]] std::optional<Used> take(const contract::Digest& first_slot);
    void put(const contract::Digest& first_slot, Used used);
    void forget();  // all of it: another writer may have written since

private:
    struct Spread {
        std::size_t operator()(const contract::Digest& keyed_hash) const;
    };
    using Cases = std::unordered_map<contract::Digest, Used, Spread>;

    Cases met_{};
    Cases met_before_{};  // goes as a whole when `met_` has reached half of kMost
    std::size_t held_ = 0;
};

}  // namespace kesher::sequencer
