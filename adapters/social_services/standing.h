// Where a referral stands as this adapter was told, which event leads where, and which events a status
// that skips steps must have passed through (domain.md 3). Pure.
#pragma once

#include <optional>
#include <vector>

#include "schemas/contract/vocabulary.h"

namespace kesher::social_services {

struct Standing {
    contract::ReferralState state = contract::ReferralState::requested;
    std::optional<contract::ReferralState> held_from{};  // in ON_HOLD: where `resume` leads
    bool frozen = false;                                 // over whatever state; shown as ON_HOLD
    friend bool operator==(const Standing&, const Standing&) = default;
};

[[nodiscard]] contract::ReferralState shown(const Standing& standing);

// What the hub applied is applied here too, whatever was known before: an event that was not told cannot
// be made up for. `draft` and `ask_consent` stand for their own states.
[[nodiscard]] Standing after(const Standing& before, contract::ReferralEvent event);

// The receiving body's events from here to `target`, in order; every one but the last is synthesised. None
// where no way leads there (an end, a state that only others give, a step that needs a reason nobody
// named). Empty where it stands there already, or where DELIVERED is said again.
[[nodiscard]] std::optional<std::vector<contract::ReferralEvent>> steps_to(const Standing& from,
                                                                           contract::ReferralState target);

}  // namespace kesher::social_services
