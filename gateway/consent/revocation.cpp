// A withdrawal: what it stops, and whom it tells.
#include <algorithm>

#include "gateway/consent/recording.h"
#include "schemas/contract/limits.h"

namespace kesher::consent {
namespace {

using contract::Code;
using contract::ConsentId;
using contract::ConsentState;
using contract::Failure;

// A referral falls with the consent it was submitted under, and with the one that decides it now:
// after a renewal these are two, and withdrawing either is withdrawing her word.
bool stands_on(const OpenReferral& referral, const Consent& consent, std::span<const Consent> consents) {
    if (!referral.consent) return false;
    if (*referral.consent == consent.id) return true;
    const Consent* decider =
        deciding_consent(consents, referral.referrer, referral.recipient, referral.purpose);
    return decider != nullptr && decider->id == consent.id;
}

std::vector<contract::OrganisationId> sorted_unique(std::span<const contract::OrganisationId> given) {
    std::vector<contract::OrganisationId> sorted(given.begin(), given.end());
    std::ranges::sort(sorted);
    const auto surplus = std::ranges::unique(sorted);
    sorted.erase(surplus.begin(), surplus.end());
    return sorted;
}

}  // namespace

contract::Result<Revocation, Code> decide_revocation(ConsentId id, const RevocationFacts& facts,
                                                     contract::Instant at) {
    const auto found = std::ranges::find(facts.consents, id, &Consent::id);
    if (!facts.caller_knows_case || found == facts.consents.end()) return Failure{Code::not_found};

    Revocation revocation{.consent = *found};
    if (found->state == ConsentState::revoked) {
        revocation.already_revoked = true;
        return revocation;
    }
    revocation.consent.state = ConsentState::revoked;
    revocation.consent.revoked_at = at;
    revocation.drop_queued = true;
    revocation.notify = sorted_unique(facts.released_to);
    for (const OpenReferral& referral : facts.open_referrals) {
        if (stands_on(referral, *found, facts.consents)) revocation.withdraw.push_back(referral.id);
    }
    if (!revocation.notify.empty()) {
        revocation.acks_due = contract::day_of(at) + contract::limits::kRevocationAckDue;
    }
    return revocation;
}

}  // namespace kesher::consent
