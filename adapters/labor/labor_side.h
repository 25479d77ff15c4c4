// The native half of the labor arm's adapter: its service on one side, the kit on the other.
//
// What is referred to it becomes an event to its webhook, and what the referrer, she, or the hub say of it
// too; what it says becomes an event to this adapter, and that one of the exchange. The receipt of a delivery
// is the SHA-256 of the service's own signed answer.
#pragma once

#include <memory>
#include <stdexcept>

#include "adapters/kit/native_side.h"
#include "adapters/labor/settings.h"
#include "adapters/record/native_means.h"

namespace kesher::labor {

// A file that the settings name, or an address, cannot be used: which and why, for the operator. Never its
// content.
class LaborSideUnusable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Reads mapping, CA, keys; opens the ledger; listens. The service is not called yet: it may be away when the
// adapter starts.
[[nodiscard]] std::unique_ptr<kit::NativeSide> make_labor_side(const LaborSettings& settings,
                                                               record::NativeMeans means);

}  // namespace kesher::labor
