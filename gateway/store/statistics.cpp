#include "gateway/store/statistics.h"

#include <array>

#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

using namespace contract;

constexpr Statement kOverdue{
    "statistics_overdue",
    "SELECT service, count(*) FROM referral WHERE state IN ('REQUESTED', 'DELIVERED') AND since < $1 "
    "AND NOT frozen AND purpose <> 'REHEARSAL' GROUP BY service HAVING count(*) >= $2 ORDER BY service"};
constexpr Statement kDeclined{
    "statistics_declined",
    "SELECT service, declined_for, count(*) FROM referral WHERE state = 'DECLINED' AND since >= $1 "
    "AND purpose <> 'REHEARSAL' AND declined_for IS NOT NULL "
    "GROUP BY service, declined_for HAVING count(*) >= $2 ORDER BY service, declined_for"};
constexpr std::array kStatements{kOverdue, kDeclined};

Parameters bounds(Instant since, std::uint32_t least) {
    return std::move(Parameters{}.bigint(bigint(since)).bigint(least));
}

Service service_in(const Row& row) { return stored(kServices.parse(row.text(0)), "referral.service"); }

}  // namespace

std::span<const Statement> statistics_statements() { return kStatements; }

std::vector<OverdueCount> overdue_counts(Connection& connection, Instant since, std::uint32_t least) {
    const Rows rows = connection.execute(kOverdue, bounds(since, least));
    std::vector<OverdueCount> found;
    for (const Row row : rows) found.push_back({service_in(row), static_cast<std::uint32_t>(row.bigint(1))});
    return found;
}

std::vector<DeclineCount> decline_counts(Connection& connection, Instant since, std::uint32_t least) {
    const Rows rows = connection.execute(kDeclined, bounds(since, least));
    std::vector<DeclineCount> found;
    for (const Row row : rows) {
        found.push_back({service_in(row), stored(kReasons.parse(row.text(1)), "referral.declined_for"),
                         static_cast<std::uint32_t>(row.bigint(2))});
    }
    return found;
}

}  // namespace kesher::store
