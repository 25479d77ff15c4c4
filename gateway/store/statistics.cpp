#include "gateway/store/statistics.h"

#include <array>

#include "gateway/store/columns.h"
#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

constexpr Statement kOverdue{
    "statistics_overdue",
    "SELECT " KESHER_REFERRAL_COLUMNS
    " FROM (SELECT *, count(*) OVER alike AS rows_alike, row_number() OVER (alike ORDER BY since DESC, id) "
    "AS place "
    "FROM referral WHERE state IN ('REQUESTED', 'DELIVERED') AND since < $1 AND NOT frozen "
    "AND purpose <> 'REHEARSAL' WINDOW alike AS (PARTITION BY service)) r "
    "WHERE rows_alike >= $2 AND place <= $3"};
constexpr Statement kDeclined{
    "statistics_declined",
    "SELECT " KESHER_REFERRAL_COLUMNS
    " FROM (SELECT *, count(*) OVER alike AS rows_alike, row_number() OVER (alike ORDER BY since DESC, id) "
    "AS place "
    "FROM referral WHERE state = 'DECLINED' AND since >= $1 AND purpose <> 'REHEARSAL' "
    "AND declined_for IS NOT NULL WINDOW alike AS (PARTITION BY service, declined_for)) r "
    "WHERE rows_alike >= $2 AND place <= $3"};
constexpr std::array kStatements{kOverdue, kDeclined};

std::vector<ReferralRow> read(Connection& connection, const Statement& statement,
                              const AgendaBounds& bounds) {
    return read_referrals(connection.execute(statement, Parameters{}
                                                            .bigint(bigint(bounds.since))
                                                            .bigint(bounds.least)
                                                            .bigint(static_cast<std::int64_t>(bounds.most))));
}

}  // namespace

std::span<const Statement> statistics_statements() { return kStatements; }

std::vector<ReferralRow> overdue_referrals(Connection& connection, const AgendaBounds& bounds) {
    return read(connection, kOverdue, bounds);
}

std::vector<ReferralRow> declined_referrals(Connection& connection, const AgendaBounds& bounds) {
    return read(connection, kDeclined, bounds);
}

}  // namespace kesher::store
