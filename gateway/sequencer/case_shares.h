// Whether one more referral of a case may begin: what stands under the name that asks, and what of the whole
// case was really disclosed. Nothing else that stands under another name is counted, of the same body or of
// others: a body would fill a case for nothing, and find out by what is refused which of its names are one
// woman.
#pragma once

#include "gateway/sequencer/known_slots.h"

namespace kesher::sequencer {

enum class Begun { draft, submission };

struct NextOfCase {
    const contract::OrganisationId& referrer;
    const contract::Pseudonym& name;  // by which the referrer knows her
    Begun as;
};

// The shares are kReferralsOfOneBody, kDraftsOfOneBody and kReferralsPerCase (schemas/contract/shares.h).
[[nodiscard]] bool has_share_left(const KnownSlots::Used& used, const NextOfCase& next);

}  // namespace kesher::sequencer
