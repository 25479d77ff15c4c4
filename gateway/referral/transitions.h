// The referral's life as one table: event, from which states, to which, who, with what data.
//
// It is domain.md 3 row by row, and nothing else moves a referral. `-` (no referral yet) is an absent
// state. What depends on more than state and actor (versions, consent, freeze) is in life.h.
#pragma once

#include <optional>
#include <span>

#include "gateway/referral/referral.h"

namespace kesher::referral {

enum class Target {
    state,       // Transition::to
    held,        // ON_HOLD, and the state left is remembered
    remembered,  // the state remembered by `hold`
    unchanged,   // the state stays; a flag is set or cleared (freeze, unfreeze)
};

enum class ReasonRule { none, optional, required, ignored };

struct Transition {
    contract::ReferralEvent event;
    bool from_nothing;  // `-` : makes the referral
    WordSet<contract::ReferralState> from;
    Target target;
    contract::ReferralState to;  // where target is `state` or `held`
    WordSet<By> who;
    ReasonRule reason_rule;
    WordSet<contract::Reason> reasons;  // domain.md 3.1
    bool outcome;                       // an outcome code is required; else none may stand
};

[[nodiscard]] std::span<const Transition> transitions();

// The row that lets `by` do `event` in `state`; null: refused `event_not_allowed`.
[[nodiscard]] const Transition* find_transition(std::optional<contract::ReferralState> state,
                                                contract::ReferralEvent event, By by);

// Whether any row lets `by` do `event` in some state.
[[nodiscard]] bool ever_possible(contract::ReferralEvent event, By by);

// Withdraw, cancel, mark_error: they end a disclosure, so no consent, agreement or freeze stops
// them, and they are released always (sent without sealed part).
[[nodiscard]] bool always_passes(contract::ReferralEvent event);

}  // namespace kesher::referral
