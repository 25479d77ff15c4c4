#include "gateway/sequencer/case_shares.h"

#include "schemas/contract/shares.h"

namespace kesher::sequencer {

namespace limits = contract::limits;

bool has_share_left(const KnownSlots::Used& used, const NextOfCase& next) {
    std::size_t disclosed = 0;  // by whomever
    std::size_t drafts = 0;     // of this name
    std::size_t submitted = 0;
    for (const KnownSlots::Place& place : used) {
        if (place.disclosed) ++disclosed;
        if (place.referrer != next.referrer || place.name != next.name) continue;
        ++(place.submitted ? submitted : drafts);
    }
    if (disclosed >= limits::kReferralsPerCase) return false;
    return next.as == Begun::draft ? drafts < limits::kDraftsOfOneBody
                                   : submitted < limits::kReferralsOfOneBody;
}

}  // namespace kesher::sequencer
