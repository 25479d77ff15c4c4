// Opens a FHIR document from outside, strictly but for one thing that FHIR demands: decimals.
//
// The strict reader (schemas/json) refuses fractions, because two programs read them differently. FHIR's
// resources may hold them (a quantity, a position on a map) and ask that their digits be kept, so a number
// with a fraction or an exponent becomes the text of its digits before it is read. We use none of them; a
// Task is not refused for one that stands beside what we read. Whole numbers stay numbers, all else is
// strict.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/health/fhir_fault.h"
#include "schemas/contract/result.h"
#include "schemas/json/value.h"

namespace kesher::health {

// A referral's attachments (4 MiB) as base64 and what stands beside them.
inline constexpr std::size_t kForeignBytes = 8 * 1024 * 1024;
// A Bundle's resources with their extensions: the deepest of IL-Core's examples is 10, in a Bundle 13.
inline constexpr std::size_t kForeignDepth = 32;

// `type`: the resourceType that it must have.
[[nodiscard]] contract::Result<json::Value, FhirFaults> open_document(std::string_view text,
                                                                      std::string_view type);

[[nodiscard]] std::string decimals_as_text(std::string_view json);

}  // namespace kesher::health
