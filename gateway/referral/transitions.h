// The referral's life as one table: event, from which states, to which, who, with what data.
//
// It is domain.md 3 row by row, and nothing else moves a referral. What depends on more than state
// and actor (versions, stale days, consent, freeze) is in life.h.
#pragma once

#include <optional>
#include <span>

#include "gateway/referral/referral.h"

namespace kesher::referral {

struct From {
    WordSet<contract::ReferralState> states;
    bool nothing = false;  // `-` : there is no referral yet
};

enum class Target {
    state,       // Goal::state
    held,        // ON_HOLD, and the state left is remembered
    remembered,  // the state remembered by `hold`
    unchanged,   // the state stays; a flag changes (freeze, unfreeze, the confirmation of an error)
};

struct Goal {
    Target target;
    contract::ReferralState state{};  // where target is `state`
};

enum class ReasonRule { none, optional, required, ignored };

// What has to come with the event: a reason of these (domain.md 3.1), an outcome. What a row does
// not ask for may not be there.
struct Data {
    ReasonRule reason_rule = ReasonRule::none;
    WordSet<contract::Reason> reasons{};
    bool outcome = false;
};

struct Transition {
    contract::ReferralEvent event;
    From from;
    Goal to;
    WordSet<By> who;
    Data data;
};

[[nodiscard]] std::span<const Transition> transitions();

// The row that lets `by` do `event` in `state` (none: no referral yet); null: `event_not_allowed`.
[[nodiscard]] const Transition* find_transition(std::optional<contract::ReferralState> state,
                                                contract::ReferralEvent event, By by);

// The row that lets `by` do `event` in some state; null: never. No two rows share event and actor.
[[nodiscard]] const Transition* find_transition(contract::ReferralEvent event, By by);

// Withdraw, cancel, mark_error: they end a disclosure, so no consent, agreement or freeze stops
// them, they are never stale, and they are released always (sent without sealed part).
[[nodiscard]] bool always_passes(contract::ReferralEvent event);

}  // namespace kesher::referral
