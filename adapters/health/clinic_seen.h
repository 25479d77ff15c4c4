// What one look at a referral on the FHIR server found. For clinic*.cpp alone.
#pragma once

#include <optional>

#include "adapters/health/clinic.h"

namespace kesher::health {

struct Clinic::Seen {
    Placed at;
    Stood stood;
    TaskReport report;
    std::optional<AppointmentReport> appointment{};
};

[[nodiscard]] inline std::string both(const Remark& remark) { return remark.he + " · " + remark.en; }

}  // namespace kesher::health
