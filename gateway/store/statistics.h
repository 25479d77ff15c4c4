// Counts over referrals for the agenda. Small cells never leave the database: every query is told from
// which count on a row is a row (domain.md 9.2, 9.4). Rehearsals are about nobody and are not counted.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/store/connection.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::store {

struct OverdueCount {
    contract::Service service;
    std::uint32_t count = 0;
    friend bool operator==(const OverdueCount&, const OverdueCount&) = default;
};

struct DeclineCount {
    contract::Service service;
    contract::Reason reason;
    std::uint32_t count = 0;
    friend bool operator==(const DeclineCount&, const DeclineCount&) = default;
};

[[nodiscard]] std::span<const Statement> statistics_statements();

// Sent or delivered since before `since`, and not answered; a frozen one cannot be.
[[nodiscard]] std::vector<OverdueCount> overdue_counts(Connection& connection, contract::Instant since,
                                                       std::uint32_t least);
// Declined at `since` or later, by service and reason.
[[nodiscard]] std::vector<DeclineCount> decline_counts(Connection& connection, contract::Instant since,
                                                       std::uint32_t least);

}  // namespace kesher::store
