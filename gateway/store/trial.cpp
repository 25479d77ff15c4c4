#include "gateway/store/trial.h"

#include <array>

#include "gateway/store/pipeline.h"

namespace kesher::store {
namespace {

// Nothing that is not there already can come of it, and ON CONFLICT looks before a row is laid down: an
// insert that is rolled back would leave a dead one each time.
constexpr Statement kWrite{
    "trial_write",
    "WITH again AS (INSERT INTO log_entry (idx, leaf_hash, data) SELECT idx, leaf_hash, data FROM log_entry "
    "ORDER BY idx DESC LIMIT 1 ON CONFLICT (idx) DO NOTHING RETURNING idx) "
    "SELECT count(*), pg_logical_emit_message(true, 'kesher.trial', '')::text FROM again"};
// The least that PostgreSQL has: whatever is larger goes to the disk. Until the end of the transaction.
constexpr Statement kLittleMemory{"trial_little_memory", "SELECT set_config('work_mem', '64kB', true)"};
constexpr Statement kRoom{"trial_room", "SELECT count(*) FROM generate_series(1, 16384)"};
constexpr std::array kStatements{kWrite, kLittleMemory, kRoom};

}  // namespace

std::span<const Statement> trial_statements() { return kStatements; }

Trial try_commit(Connection& connection) {
    Pipeline pipeline(connection);
    for (const Statement& statement : kStatements) pipeline.add(statement);
    const Outcome outcome = pipeline.run();
    if (const auto* doubt = std::get_if<Doubt>(&outcome)) throw DatabaseLost(doubt->reason);
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused == nullptr) return Trial::stored;
    return refused->statement == kRoom.name ? Trial::has_no_room : Trial::takes_no_writes;
}

}  // namespace kesher::store
