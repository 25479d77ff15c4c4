// From what the far side says now to the events that the exchange is told, in order (domain.md 3).
//
// A Task tells a state, not how it came about. Steps that it skipped are filled in and marked synthesized:
// `accept`, `start`, `resume`, and no others, because those alone say nothing that could be untrue. What
// has no way from where the referral stands is refused, not guessed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/health/task_read.h"
#include "schemas/codec/referral_records.h"

namespace kesher::health {

// As the journal last knew the referral.
struct Standing {
    contract::ReferralState state = contract::ReferralState::delivered;
    std::optional<contract::ReferralState> before_hold{};  // of ON_HOLD: where `resume` leads
    friend bool operator==(const Standing&, const Standing&) = default;
};

// One referral.event.v1: the payload's clear fields and what goes into its sealed part.
struct Change {
    codec::ReferralEventPayload event{};              // `sealed` empty
    std::optional<std::string> said{};                // Sealed.need
    std::optional<codec::Appointment> appointment{};  // Sealed.appointment
    friend bool operator==(const Change&, const Change&) = default;
};

// None where nothing is new. `appointment`: what read_appointment() made of TaskReport::appointment.
[[nodiscard]] contract::Result<std::vector<Change>, FhirFaults> steps_to(
    const Standing& standing, const TaskReport& report, const std::optional<AppointmentReport>& appointment);

// Where the referral stands after an event of the receiving body; none where it may not happen there.
[[nodiscard]] std::optional<Standing> after(const Standing& standing, contract::ReferralEvent event);

}  // namespace kesher::health
