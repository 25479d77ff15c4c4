// Decides whether a referral may be made: drafted, or submitted to its recipient.
#pragma once

#include <cstddef>
#include <optional>

#include "gateway/referral/actors.h"
#include "gateway/referral/referral.h"

namespace kesher::referral {

struct Recipient {
    contract::OrganisationKind kind;
    contract::OrganisationStatus status;
    bool offers_service = false;  // by the directory
};

// Everything the decision depends on. The verdicts of the other rooms come as codes; absent =
// nothing against it.
struct SubmitFacts {
    contract::ReferralId id;
    contract::OrganisationId from;
    contract::OrganisationId to;
    Terms terms;
    contract::OrganisationStatus from_status;
    Actor actor;
    std::optional<Recipient> recipient;  // none: unknown to this exchange
    bool anonymous_case = false;
    std::size_t other_referrals = 0;     // of the case, whatever their state
    bool she_asked_for_more = false;     // an anonymous case holds one referral unless she asks
    std::optional<Referral> existing{};  // of this id: a draft, or one whose seal did not open
    std::optional<contract::Code> agreement{};
    std::optional<contract::Code> basis{};    // agreement::basis_may_stand
    std::optional<contract::Code> consent{};  // consent::evaluate or evaluate_by_statute
};

// The referral, REQUESTED at its next version, or the first that fails, in this order:
//   organisation_suspended  the sender is not active
//   actor_not_allowed       role, training, suspension; 118 for a case that is not anonymous
//   recipient_unknown       unknown, left, itself, or not one for referrals (`echo`: REHEARSAL only)
//   organisation_suspended  the recipient is pending or suspended
//   statement_invalid       a purpose that no referral has
//   id_reused               the id belongs to another pair
//   event_not_allowed       it was submitted already
//   service_not_allowed     not offered; not for an anonymous case; a second one in such a case
//   agreement_missing       the agreement's verdict
//   identity_required       known_by is below the service's least, or lacks its group
//   consent_missing ...     the basis, then the consent's verdict; identity in an anonymous case
[[nodiscard]] contract::Result<Referral, contract::Code> decide_submit(const SubmitFacts& facts,
                                                                       contract::Instant at);

// A draft is a note to the hub about a referral to come: no consent or agreement yet, nothing leaves.
// Same order as decide_submit up to service_not_allowed; an id in use is `event_not_allowed`.
[[nodiscard]] contract::Result<Referral, contract::Code> decide_draft(const SubmitFacts& facts,
                                                                      contract::Instant at);

}  // namespace kesher::referral
