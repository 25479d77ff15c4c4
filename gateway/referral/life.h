// Decides each event of a referral: applied, stored as stale, or refused with a published code.
//
// Pure and total: every fact is an argument and can stand in a leaf, so an auditor's replay calls
// the same functions. Consent and agreement are judged in their own rooms; only verdicts come here.
#pragma once

#include <optional>
#include <vector>

#include "gateway/referral/transitions.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"

namespace kesher::referral {

struct EventRequest {
    contract::ReferralEvent event;
    By by;
    std::optional<contract::OrganisationId> caller;  // none: her own code, the hub, the privacy officer
    std::optional<std::uint32_t> expected_version{};
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    std::optional<contract::Day> occurred_on{};
    bool has_sealed = false;
    bool synthesized = false;       // the adapter filled a step that its native status skips
    bool notice_published = false;  // ask_consent: the notice's version and language are published
};

// What the other rooms say about it now; absent = nothing against it. The consent's is that of
// evaluate (events of the referring side) or evaluate_update (of the receiving side).
struct Verdicts {
    std::optional<contract::Code> consent{};
    std::optional<contract::Code> agreement{};
};

// What a party gets of a step.
enum class Told {
    nothing,
    as_sent,     // the sender's own statement, when its release is permitted
    hub_notice,  // referral.event.v1 from the hub, without sealed part, released always
};

struct Step {
    contract::ReferralEvent event;
    By by;
    contract::ReferralState from;  // as shown
    contract::ReferralState to;    // as shown
    bool synthesized = false;
    Told referrer = Told::nothing;
    Told recipient = Told::nothing;
    friend bool operator==(const Step&, const Step&) = default;
};

struct Applied {
    Referral referral;
    std::vector<Step> steps{};   // empty where ignored; two where `deliver` was implied
    bool ignored_stale = false;  // stored as `ignored-stale`: older than its side's last event
    bool content_wiped = false;  // mark_error: payloads go at once, rows stay
    friend bool operator==(const Applied&, const Applied&) = default;
};

// In this order:
//   event_not_allowed  not for this caller, in any state
//   payload_invalid    reason, outcome, notice, sealed part or day break the event's rule
//   version_conflict   expected_version is not the referral's
//   (stale)            stored, no effect
//   event_not_allowed  not in this state
//   agreement_missing, then consent_lapsed (it has ended), consent_groups (surplus), ...
// `withdraw` meets none of them but the caller and a terminal state.
[[nodiscard]] contract::Result<Applied, contract::Code> apply(const Referral& referral,
                                                              const EventRequest& request,
                                                              const Verdicts& verdicts, contract::Instant at);

// What this party could do now (GET /v1/referrals/{id}); `consent_ended` = the consent's verdict is
// lapsed or revoked. For the referring body the union of what it may do itself and at her word.
[[nodiscard]] WordSet<contract::ReferralEvent> events_allowed(const Referral& referral, By by,
                                                              bool consent_ended);
[[nodiscard]] WordSet<contract::ReferralEvent> events_allowed(const Referral& referral,
                                                              const contract::OrganisationId& caller,
                                                              bool consent_ended);

enum class ExpiryCause { consent_not_given, undelivered, unanswered, waitlisted_too_long, consent_ended };

struct Expiry {
    contract::Instant at;
    ExpiryCause cause;
    friend bool operator==(const Expiry&, const Expiry&) = default;
};

// When the referral expires as it stands, the earliest cause; none where nothing expires it.
// `consent_ends`: the first instant at which the deciding consent is over by its dates.
[[nodiscard]] std::optional<Expiry> next_expiry(const Referral& referral,
                                                std::optional<contract::Instant> consent_ends);
// That expiry, once it is due. The hub then applies `expire`.
[[nodiscard]] std::optional<Expiry> due_expiry(const Referral& referral,
                                               std::optional<contract::Instant> consent_ends,
                                               contract::Instant at);

// How many of the alerts for an unanswered referral (72 h, 7 d, 21 d after delivery) have come: 0-3.
[[nodiscard]] int alerts_reached(const Referral& referral, contract::Instant at);

}  // namespace kesher::referral
