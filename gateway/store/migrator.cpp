#include "gateway/store/migrator.h"

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

namespace kesher::store {
namespace {

using Checksums = std::map<std::string, contract::Digest, std::less<>>;  // by name, so in order

// Held for the whole run; it ends with the session where a program is killed.
constexpr std::string_view kLock = "SELECT pg_advisory_lock(7308612134990452)::text";
constexpr std::string_view kUnlock = "SELECT pg_advisory_unlock(7308612134990452)";
constexpr std::string_view kRecordTable =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "  name text PRIMARY KEY,"
    "  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),"
    "  applied_at timestamptz NOT NULL DEFAULT now());"
    "REVOKE ALL ON schema_migration FROM PUBLIC;"
    "GRANT SELECT ON schema_migration TO kesher_hub, kesher_retention";
constexpr std::string_view kRecordExists = "SELECT to_regclass('public.schema_migration') IS NOT NULL";
constexpr std::string_view kApplied = "SELECT name, sha256 FROM schema_migration ORDER BY name";
// The server hashes, so that this room needs no cryptography of its own.
constexpr std::string_view kChecksums =
    "SELECT name, sha256(convert_to(sql, 'UTF8')) FROM unnest($1::text[], $2::text[]) AS file (name, sql)";

void check_names(std::span<const Migration> migrations) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    std::string_view previous;
    for (const Migration& migration : migrations) {
        const std::string_view name = migration.name;
        const bool numbered =
            name.size() > 5 && std::ranges::all_of(name.substr(0, 4), is_digit) && name[4] == '_';
        const bool plain = std::ranges::all_of(
            name, [&](char c) { return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z'); });
        const bool later = previous.empty() || previous.substr(0, 4) < name.substr(0, 4);
        if (!numbered || !plain || !later) {
            throw std::invalid_argument("migrations are NNNN_name in order of their numbers: " +
                                        std::string(name));
        }
        previous = name;
    }
}

Checksums read_checksums(const Rows& rows) {
    Checksums checksums;
    for (const Row row : rows) checksums.emplace(row.text(0), row.digest(1));
    return checksums;
}

Checksums checksums_of(Connection& connection, std::span<const Migration> migrations) {
    TextColumn names, texts;
    for (const Migration& migration : migrations) {
        names.add(migration.name);
        texts.add(migration.sql);
    }
    return read_checksums(connection.query(kChecksums, Parameters{}.column(names).column(texts)));
}

// What was applied against what this program has; pure.
std::optional<MigrationRefusal> judge(const Checksums& applied, const Checksums& known) {
    using Kind = MigrationRefusal::Kind;
    for (const auto& [name, checksum] : applied) {
        const auto found = known.find(name);
        if (found == known.end()) {
            return MigrationRefusal{
                Kind::unknown, name,
                "The database has migration " + name +
                    ", which this program does not know: it is older than the database. "
                    "Start the newer program, or restore the backup made before the upgrade."};
        }
        if (found->second != checksum) {
            return MigrationRefusal{
                Kind::changed, name,
                "Migration " + name +
                    " was applied with another text than this program has. Put the released "
                    "file back and write the change as a new migration."};
        }
    }
    if (applied.empty()) return std::nullopt;
    for (const auto& [name, checksum] : known) {
        if (applied.contains(name) || name > applied.rbegin()->first) continue;
        return MigrationRefusal{Kind::out_of_order, name,
                                "Migration " + name + " is new but stands before " + applied.rbegin()->first +
                                    ", which was already applied. Give it the next free number."};
    }
    return std::nullopt;
}

// File and record in one implicit transaction.
std::optional<MigrationRefusal> apply(Connection& owner, const Migration& migration,
                                      const contract::Digest& sha256) {
    const std::string name(migration.name);
    try {
        owner.script(std::string(migration.sql) +
                     "\n;\nINSERT INTO schema_migration (name, sha256) VALUES ('" + name + "', decode('" +
                     contract::hex(sha256.view()) + "', 'hex'))");
    } catch (const DatabaseRefused& refused) {
        return MigrationRefusal{MigrationRefusal::Kind::failed, name,
                                "Migration " + name + " was refused by PostgreSQL (SQLSTATE " +
                                    refused.sqlstate() +
                                    ") and nothing of it is stored. PostgreSQL's log has the reason."};
    }
    return std::nullopt;
}

using Applied = contract::Result<std::vector<std::string>, MigrationRefusal>;

Applied migrate_locked(Connection& owner, std::span<const Migration> migrations) {
    owner.script(kRecordTable);
    const Checksums known = checksums_of(owner, migrations);
    const Checksums applied = read_checksums(owner.query(kApplied));
    if (const auto refusal = judge(applied, known)) return contract::Failure{*refusal};
    std::vector<std::string> now;
    for (const Migration& migration : migrations) {
        if (applied.contains(migration.name)) continue;
        const auto refusal = apply(owner, migration, known.find(migration.name)->second);
        if (refusal) return contract::Failure{*refusal};
        now.emplace_back(migration.name);
    }
    return now;
}

}  // namespace

Applied migrate(Connection& owner, std::span<const Migration> migrations) {
    check_names(migrations);
    (void)owner.query(kLock);
    Applied applied = migrate_locked(owner, migrations);
    (void)owner.query(kUnlock);
    return applied;
}

std::optional<MigrationRefusal> schema_fault(Connection& connection, std::span<const Migration> migrations) {
    check_names(migrations);
    const bool recorded = connection.query(kRecordExists).only().boolean(0);
    const Checksums applied = recorded ? read_checksums(connection.query(kApplied)) : Checksums{};
    const Checksums known = checksums_of(connection, migrations);
    if (auto refusal = judge(applied, known)) return refusal;
    for (const auto& [name, checksum] : known) {
        if (applied.contains(name)) continue;
        return MigrationRefusal{MigrationRefusal::Kind::pending, name,
                                "The database lacks migration " + name +
                                    ". Run kesher-hub --migrate with the connection of kesher_owner."};
    }
    return std::nullopt;
}

}  // namespace kesher::store
