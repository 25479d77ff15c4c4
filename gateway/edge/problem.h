// A refusal or fault as RFC 9457 problem+json (contract.md 5).
//
//   {"type":"urn:kesher:problem:busy","title":"…","status":429,"code":"busy","side":"hub",
//    "retry":"after 2","remedy":"…","incident":"<uuid>","at":"2026-11-21T07:15:00.123Z", …extra}
//
// Title and remedy come from the published list alone: no database text, no path, nothing about a
// person can be in a problem unless a room puts it into `extra`, which is for receipts.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/edge/request.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/instant.h"

namespace kesher::edge {

using MemberValue = std::variant<std::string, std::uint64_t>;

struct Problem {
    contract::Code code;
    // Said for codes whose retry is `after`; kRetryAfterDefault where a room knows no better.
    std::optional<std::chrono::seconds> retry_after{};
    std::optional<contract::IncidentId> incident{};
    std::optional<contract::Instant> at{};  // the hub's time of the decision; clock_skew needs it
    std::vector<std::pair<std::string, MemberValue>> extra{};  // flat: index, leaf, receipt
};

inline constexpr std::chrono::seconds kRetryAfterDefault{2};

[[nodiscard]] std::string problem_json(const Problem& problem);

// With the code's status, `application/problem+json`, Retry-After where it is said, and no-store.
[[nodiscard]] Response problem_response(const Problem& problem);

}  // namespace kesher::edge
