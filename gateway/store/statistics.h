// The referrals that the agenda counts. Rehearsals are about nobody and are not among them.
//
// What must be many are women, and no column tells whose a referral is: the caller opens the rows and counts
// cases. A group with fewer rows than that has fewer women and is not read at all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/store/connection.h"
#include "gateway/store/referrals.h"
#include "schemas/contract/instant.h"

namespace kesher::store {

struct AgendaBounds {
    contract::Instant since;
    std::uint32_t least;  // rows without which a group is left out
    std::size_t most;     // of each group, the newest
};

[[nodiscard]] std::span<const Statement> statistics_statements();

// Sent or delivered since before `since`, and not answered; a frozen one cannot be. Groups: by service.
[[nodiscard]] std::vector<ReferralRow> overdue_referrals(Connection& connection, const AgendaBounds& bounds);
// Declined at `since` or later. Groups: by service and reason.
[[nodiscard]] std::vector<ReferralRow> declined_referrals(Connection& connection, const AgendaBounds& bounds);

}  // namespace kesher::store
