// Brings a database to the schema this program was built with. Forward only.
//
// Migrations are files NNNN_name.sql, built into the program; each runs in a transaction of its own
// together with the row that records it and its SHA-256. A file that was applied is never edited:
// a changed, missing or late one is refused by name, because the tables would no longer be what the
// code believes. Two programs that start together migrate one after the other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/connection.h"
#include "schemas/contract/result.h"

namespace kesher::store {

struct Migration {
    std::string_view name;  // "0001_log"
    std::string_view sql;
};

// In order of name; made by CMake from migrations/*.sql.
[[nodiscard]] std::span<const Migration> embedded_migrations();

struct MigrationRefusal {
    enum class Kind {
        changed,       // applied with another text than the one in this program
        unknown,       // applied, but this program does not have it: it is older than the database
        out_of_order,  // new, but numbered before one that was already applied
        failed,        // the server refused its SQL; nothing of it is stored
        pending,       // only of schema_fault(): not applied yet
    };
    Kind kind;
    std::string migration;
    std::string text;  // the sentence for the operator: what, and how to mend it
};

// `owner` is connected as kesher_owner. Returns the names applied now, none where all were.
// Waits for another program's migrations within the connection's answer_within. Throws DatabaseLost.
contract::Result<std::vector<std::string>, MigrationRefusal> migrate(
    Connection& owner, std::span<const Migration> migrations = embedded_migrations());

// Why a program connected as kesher_hub must not run on this schema; nothing where it fits exactly.
[[nodiscard]] std::optional<MigrationRefusal> schema_fault(
    Connection& connection, std::span<const Migration> migrations = embedded_migrations());

}  // namespace kesher::store
