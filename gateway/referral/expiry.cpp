// What silence does: the times of domain.md 3, row `expire`, and its alerts.
#include <algorithm>
#include <ranges>

#include "gateway/referral/life.h"
#include "schemas/contract/limits.h"

namespace kesher::referral {
namespace {

using contract::Instant;
using S = contract::ReferralState;
namespace limits = contract::limits;

constexpr WordSet<S> kAwaitingAnswer{S::requested, S::delivered, S::waitlisted};

// While a referral is frozen nobody can answer, so nobody's silence counts; what nobody answers
// anyway (her consent, a receipt of transport) runs on: contract.md 3, release table.
std::optional<Expiry> by_silence(const Referral& referral) {
    switch (referral.state) {
        case S::draft:
        case S::awaiting_consent:
            return Expiry{referral.since + limits::kAwaitingConsentLapse, ExpiryCause::consent_not_given};
        case S::requested:
            return Expiry{referral.since + limits::kUndeliveredLapse, ExpiryCause::undelivered};
        case S::delivered:
            if (referral.frozen) return std::nullopt;
            return Expiry{referral.since + limits::kDeliveredLapse, ExpiryCause::unanswered};
        case S::waitlisted:
            if (referral.frozen) return std::nullopt;
            return Expiry{referral.since + limits::kWaitlistedLapse, ExpiryCause::waitlisted_too_long};
        default:
            return std::nullopt;
    }
}

// Before care began the end of the consent ends the referral; after it, care is not stopped.
std::optional<Expiry> by_consent(const Referral& referral, std::optional<Instant> consent_ends) {
    const bool open = kAwaitingAnswer.has(referral.state) && !referral.accepted_once;
    const bool on_consent = referral.terms.consent && !is_rehearsal(referral.terms);
    if (!open || !consent_ends || !on_consent) return std::nullopt;
    return Expiry{*consent_ends, ExpiryCause::consent_ended};
}

}  // namespace

std::optional<Expiry> next_expiry(const Referral& referral, std::optional<Instant> consent_ends) {
    const auto silence = by_silence(referral);
    const auto consent = by_consent(referral, consent_ends);
    if (!silence || !consent) return silence ? silence : consent;
    return consent->at <= silence->at ? consent : silence;
}

std::optional<Expiry> due_expiry(const Referral& referral, std::optional<Instant> consent_ends, Instant at) {
    const auto next = next_expiry(referral, consent_ends);
    return next && at >= next->at ? next : std::nullopt;
}

int alerts_reached(const Referral& referral, Instant at) {
    if (referral.state != S::delivered || referral.frozen) return 0;
    return static_cast<int>(std::ranges::count_if(limits::kUnansweredAlerts,
                                                  [&](auto age) { return at >= referral.since + age; }));
}

}  // namespace kesher::referral
