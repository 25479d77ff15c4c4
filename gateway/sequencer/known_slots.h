// Which referrals fill the slots of the cases that were met lately, so that whoever sends again need not have
// them looked up again.
//
// Only the single writer fills slots and nobody empties one: what it has read or written stays so as long as
// its session with the database lives, and what becomes of a place it says itself. Held in memory alone,
// within kMost. A case is named by the keyed hash of its slot 0, and known to the names by which it was
// looked up: another name of the same woman has it looked up as if it were not here, or its time would say
// that the two are one. It is known from then on whatever was decided, so that nobody looks twice at what
// others sent.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "gateway/store/referrals.h"

namespace kesher::sequencer {

class KnownSlots {
public:
    // What the shares of a case are counted by. With the name in clear: opening a seal a count would take the
    // longer the more a body sent under other names.
    struct Place {
        contract::Digest slot;
        contract::OrganisationId referrer;
        contract::Pseudonym name;  // by which the referrer knows her
        bool submitted = false;    // as in store::UsedSlot
        bool disclosed = false;
    };
    using Used = std::vector<Place>;
    struct Case {
        Used used;                               // from slot 0 on, without a gap
        std::vector<contract::Pseudonym> names;  // by which it was looked up
        // The referral in this slot was released for the first time.
        void disclose(const contract::Digest& slot);
    };
    static constexpr std::size_t kMost = 65'536;  // cases, slots and names together; about 16 MiB

    // Takes the case out: a batch that fails leaves nothing here that is not stored.
    [[nodiscard]] std::optional<Case> take(const contract::Digest& first_slot);
    // Keeps nothing of a case with more than half of kMost.
    void put(const contract::Digest& first_slot, Case known);
    // The referral in this slot of that case was released for the first time.
    void disclosed(const contract::Digest& first_slot, const contract::Digest& slot);
    void forget();  // all of it: another writer may have written since

private:
    struct Spread {
        std::size_t operator()(const contract::Digest& keyed_hash) const;
    };
    using Cases = std::unordered_map<contract::Digest, Case, Spread>;

    Cases met_{};
    Cases met_before_{};  // goes as a whole when `met_` has reached half of kMost
    std::size_t held_ = 0;
};

}  // namespace kesher::sequencer
