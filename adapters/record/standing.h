// Where a referral stands as its adapter was told, which event leads where, and which events a native state
// that skips steps must have passed through (domain.md 3). Pure.
//
// A native system tells a state, not how it came about. Steps that it skipped are filled in and marked
// `synthesized`: accept, start, resume, and no others, because those alone say nothing that could be untrue.
// What has no way from where the referral stands is refused by whoever asks, not guessed.
#pragma once

#include <optional>
#include <vector>

#include "schemas/contract/vocabulary.h"

namespace kesher::record {

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

// Whether the receiving body may say this there. REQUESTED counts as DELIVERED: who speaks of it has it.
[[nodiscard]] bool may(const Standing& standing, contract::ReferralEvent event);

// The receiving body's events from here to `last`, in order and as few as there can be; every one but the
// last is synthesised. None where no way leads there.
[[nodiscard]] std::optional<std::vector<contract::ReferralEvent>> way_to(const Standing& from,
                                                                         contract::ReferralEvent last);

// The same to a state. None where no way leads there (an end, a freeze, a state that only others give). Empty
// where it stands there already, or where DELIVERED is said again.
[[nodiscard]] std::optional<std::vector<contract::ReferralEvent>> steps_to(const Standing& from,
                                                                           contract::ReferralState target);

// domain.md 3.1: who decided matters, so each state that the receiving body gives has its own reasons. Empty
// where it needs none.
[[nodiscard]] contract::WordSet<contract::Reason> reasons_of(contract::ReferralState state);

}  // namespace kesher::record
