// Decides which officer, of which kind of body, may do what: one table, roles and kinds as rows.
//
// Roles are the body's own entries (`PUT /v1/officers/{id}`); training runs out after at most 24
// months (1986 regulations, reg. 7(c)), and with it the role.
#pragma once

#include <optional>

#include "schemas/contract/codes.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::referral {

enum class Deed {
    open_case,
    submit,
    submit_anonymous,
    act_as_referrer,
    act_as_recipient,
    withdraw,
    record_consent,
    revoke_consent,
    acknowledge_revocation,
    screen_intake,
    ask_eligibility,
    answer_eligibility,
    report_capacity,
    propose_agenda,
    report_headcount,
    deliver_and_acknowledge,
};

struct Actor {
    contract::OrganisationKind kind;  // of the body on whose behalf
    contract::OfficerRole role;       // as opened from the statement
    bool holds_role = false;          // the body's entry lists it; SYSTEM needs no entry
    bool suspended = false;
    std::optional<contract::Day> training_valid_until{};  // last day; SYSTEM has none
};

// `actor_not_allowed` unless kind and role may do the deed, the body lists the role, the officer is
// not suspended and her training has not run out. Training is not asked where her word is only
// passed on (withdraw, revoke_consent): a lapsed course must not keep a withdrawal back.
[[nodiscard]] contract::Result<contract::Done, contract::Code> actor_may(const Actor& actor, Deed deed,
                                                                         contract::Instant at);

}  // namespace kesher::referral
