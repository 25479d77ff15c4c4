// A referral as its reader may see it: to the body that referred her, what it would be told of it.
//
// What she did not agree to have told is not fetched either. Where an update of the recipient would be
// dropped if it were released now (referral::decide_release, of a bare change of state), its referrer is
// shown DELIVERED and the end and nothing between, as it is told by push (contract.md 3): no word for
// STATUS_FEEDBACK, or it was taken back; her no to a statute; one of the two suspended; no agreement.
#pragma once

#include <span>
#include <vector>

#include "gateway/insight/rooms.h"
#include "gateway/store/deliveries.h"
#include "gateway/store/referrals.h"

namespace kesher::insight {

// Shown in place of a version that counts what the referrer is not told. No referral ever has it: whoever
// expects it is refused `version_conflict` whatever the recipient did.
inline constexpr std::uint32_t kVersionNotTold = 0;

// Where her word about it lies: for store::find_consents_by_key.
[[nodiscard]] std::vector<contract::Digest> keys_of_her_word(const Rooms& rooms,
                                                             const store::ReferralRow& row);

// Of one referral: the consents that those keys lead to, and all its deliveries.
struct Stand {
    const referral::Referral& referral;
    std::span<const consent::Consent> consents;
    std::span<const store::DeliveryRow> deliveries;
};

// The referral itself, to its recipient, where updates are carried, and up to its delivery. Else, once it was
// delivered: without what came between delivery and end. A freeze is the hub's own word, which always passes:
// it shows. `since` is then the day of the delivery, `updates` are stopped whether there was one or not, so
// that no answer differs by what the recipient did.
[[nodiscard]] referral::Referral as_told(const Stand& stand, const contract::OrganisationId& reader,
                                         const sequencer::Registry& registry, contract::Instant at);

}  // namespace kesher::insight
