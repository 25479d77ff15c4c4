// The native half of National Insurance's adapter: its service on one side, the kit on the other.
//
// What is referred to it becomes a call of its service, and what the referrer, she, or the hub say of it too;
// what it says becomes a call of this adapter, and that an event. The receipt of a delivery is the SHA-256 of
// the service's own answer.
#pragma once

#include <memory>
#include <stdexcept>

#include "adapters/kit/native_side.h"
#include "adapters/national_insurance/settings.h"
#include "adapters/record/native_means.h"

namespace kesher::national_insurance {

// A file that the settings name, or an address, cannot be used: which and why, for the operator. Never its
// content.
class NationalInsuranceSideUnusable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Reads mapping, CA, keys; opens the ledger; listens. The service is not called yet: it may be away when the
// adapter starts.
[[nodiscard]] std::unique_ptr<kit::NativeSide> make_national_insurance_side(
    const NationalInsuranceSettings& settings, record::NativeMeans means);

}  // namespace kesher::national_insurance
