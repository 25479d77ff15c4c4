// The native half of a health organisation's adapter: its FHIR server on one side, the kit on the other.
//
// What is referred to it becomes one transaction there; what the referrer, she, or the hub say of it becomes
// patches; what the clinic changes on its Tasks becomes events. The receipt of a delivery is the SHA-256 of
// the FHIR server's own answer.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>

#include "adapters/health/settings.h"
#include "adapters/kit/native_side.h"
#include "adapters/record/native_means.h"

namespace kesher::health {

using HealthMeans = record::NativeMeans;

// A file that the settings name cannot be used: which and why, for the operator. Never its content.
class HealthSideUnusable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Reads the CA and the authorization, opens the ledger. Throws HealthSideUnusable. The FHIR server is not
// called yet: it may be away when the adapter starts.
[[nodiscard]] std::unique_ptr<kit::NativeSide> make_health_side(const HealthSettings& settings,
                                                                HealthMeans means);

}  // namespace kesher::health
