// From what the far side says now to the events that the exchange is told, in order (domain.md 3).
//
// A Task tells a state, not how it came about: adapters/record/standing.h fills in what it skipped. What has
// no way from where the referral stands is refused, not guessed.
#pragma once

#include <optional>
#include <vector>

#include "adapters/health/task_read.h"
#include "adapters/record/change.h"
#include "adapters/record/standing.h"

namespace kesher::health {

using record::Change;
using record::Standing;

// None where nothing is new. `appointment`: what read_appointment() made of TaskReport::appointment.
[[nodiscard]] contract::Result<std::vector<Change>, FhirFaults> steps_to(
    const Standing& standing, const TaskReport& report, const std::optional<AppointmentReport>& appointment);

}  // namespace kesher::health
