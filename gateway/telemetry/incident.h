// An incident id joins the problem answer that a caller sees with the operator's log line.
// Random and meaningless: it says nothing about time, caller or case.
#pragma once

#include "schemas/contract/ids.h"

namespace kesher::telemetry {

// 122 bits of getrandom(2). Throws std::system_error where the kernel gives none.
[[nodiscard]] contract::IncidentId new_incident();

}  // namespace kesher::telemetry
