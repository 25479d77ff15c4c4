// The running hub can add to the log and read it. It cannot change it, and no role of the hub's can.
#include <catch2/catch.hpp>

#include "gateway/store/log_repository.h"
#include "tests/support/postgres.h"

using namespace kesher;
using namespace kesher::store;

namespace {

constexpr const char* kTables[] = {"log_origin", "log_entry", "log_tile", "log_checkpoint",
                                   "log_cosignature"};
constexpr std::string_view kNoRight = "42501";

std::string sqlstate_of(Connection& connection, const std::string& sql) {
    try {
        connection.script(sql);
        return "allowed";
    } catch (const DatabaseRefused& refused) {
        return refused.sqlstate();
    }
}

}  // namespace

TEST_CASE("The hub's role cannot update or delete or truncate any table of the log") {
    const tests::FreshDatabase database;
    Connection hub({.conninfo = database.hub()}, {});
    for (const std::string table : kTables) {
        CAPTURE(table);
        const std::string column = table == "log_entry"    ? "idx"
                                   : table == "log_tile"   ? "n"
                                   : table == "log_origin" ? "origin"
                                                           : "size";
        CHECK(sqlstate_of(hub, "UPDATE " + table + " SET " + column + " = " + column) == kNoRight);
        CHECK(sqlstate_of(hub, "DELETE FROM " + table) == kNoRight);
        CHECK(sqlstate_of(hub, "TRUNCATE " + table) == kNoRight);
        CHECK(sqlstate_of(hub, "DROP TABLE " + table) == kNoRight);
        CHECK(sqlstate_of(hub, "ALTER TABLE " + table + " DISABLE TRIGGER ALL") == kNoRight);
        CHECK(sqlstate_of(hub, "SELECT count(*) FROM " + table) == "allowed");
    }
}

TEST_CASE("The hub's role cannot replace a row by inserting it again") {
    const tests::FreshDatabase database;
    Connection hub({.conninfo = database.hub()}, {});
    hub.script("INSERT INTO log_checkpoint VALUES (1, 'first')");
    CHECK(sqlstate_of(hub,
                      "INSERT INTO log_checkpoint VALUES (1, 'other') ON CONFLICT (size) DO UPDATE SET note "
                      "= 'other'") == kNoRight);
    CHECK(hub.query("SELECT note FROM log_checkpoint").only().text(0) == "first");
}

TEST_CASE("The hub's role cannot become another or give itself rights") {
    const tests::FreshDatabase database;
    Connection hub({.conninfo = database.hub()}, {});
    CHECK(sqlstate_of(hub, "SET ROLE kesher_owner") == kNoRight);
    CHECK(sqlstate_of(hub, "SET ROLE kesher_retention") == kNoRight);
    CHECK(sqlstate_of(hub, "GRANT kesher_owner TO kesher_hub") == kNoRight);
    CHECK(sqlstate_of(hub, "CREATE TEMPORARY TABLE log_entry (idx bigint)") == kNoRight);
    CHECK(sqlstate_of(hub, "CREATE SCHEMA mine") == kNoRight);
}

TEST_CASE("The role of retention may prune old entries and nothing else of the log") {
    const tests::FreshDatabase database;
    Connection retention({.conninfo = database.retention()}, {});
    CHECK(sqlstate_of(retention, "DELETE FROM log_entry WHERE idx < 100") == "allowed");
    CHECK(sqlstate_of(retention, "UPDATE log_entry SET data = ''") == kNoRight);
    CHECK(sqlstate_of(retention, "INSERT INTO log_entry VALUES (0, '', '')") == kNoRight);
    CHECK(sqlstate_of(retention, "TRUNCATE log_entry") == kNoRight);
    for (const std::string table : {"log_origin", "log_tile", "log_checkpoint", "log_cosignature"}) {
        CAPTURE(table);
        CHECK(sqlstate_of(retention, "DELETE FROM " + table) == kNoRight);
        CHECK(sqlstate_of(retention, "TRUNCATE " + table) == kNoRight);
    }
}

TEST_CASE("A value that PostgreSQL refuses does not show in its log file") {
    const tests::FreshDatabase database;
    Connection hub({.conninfo = database.hub()}, {});
    Connection superuser({.conninfo = database.superuser()}, {});
    const std::string constraint = "once_" + database.name();
    superuser.script("CREATE TABLE kept (word text CONSTRAINT " + constraint +
                     " UNIQUE); GRANT INSERT ON kept TO kesher_hub");
    const std::string planted = "planted_" + database.name();
    const auto insert = [&] {
        (void)hub.query("INSERT INTO kept VALUES ($1::text)", Parameters{}.text(planted));
    };
    insert();
    CHECK_THROWS_AS(insert(), DatabaseRefused);
    const std::string log = tests::FreshDatabase::cluster_log();
    CHECK(log.find(constraint) != std::string::npos);  // the refusal itself is there
    CHECK(log.find(planted) == std::string::npos);
}

TEST_CASE("The hub's role cannot switch the logging of statements on") {
    const tests::FreshDatabase database;
    Connection hub({.conninfo = database.hub()}, {});
    CHECK(sqlstate_of(hub, "SET log_statement TO 'all'") == kNoRight);
    CHECK(sqlstate_of(hub, "SET log_min_error_statement TO error") == kNoRight);
    CHECK(sqlstate_of(hub, "SET log_error_verbosity TO verbose") == kNoRight);
}
