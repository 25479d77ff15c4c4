// HTTP header fields of the exchange's own (contract.md 3).
#pragma once

#include <string_view>

namespace kesher::contract {

// With every answer of GET /v1/inbox: how many notices the caller has neither acknowledged nor gets with it,
// a decimal number. What is held is opened only where it says 0.
inline constexpr std::string_view kNoticesLeft = "Kesher-Notices-Left";

}  // namespace kesher::contract
