// The hub refuses a server that could lose a receipt, log what people send, or let it rewrite the log.
#include <catch2/catch.hpp>

#include "gateway/store/bootstrap.h"
#include "gateway/store/durability.h"
#include "tests/support/postgres.h"

using namespace kesher;
using namespace kesher::store;

namespace {

ServerSettings good_settings() {
    return {{"server_version_num", "150020"},
            {"fsync", "on"},
            {"synchronous_commit", "on"},
            {"full_page_writes", "on"},
            {"data_checksums", "on"},
            {"ignore_checksum_failure", "off"},
            {"zero_damaged_pages", "off"},
            {"log_statement", "none"},
            {"log_min_duration_statement", "-1"},
            {"log_min_duration_sample", "-1"},
            {"log_transaction_sample_rate", "0"},
            {"log_min_error_statement", "panic"},
            {"log_error_verbosity", "terse"},
            {"log_parameter_max_length", "0"},
            {"log_parameter_max_length_on_error", "0"},
            {"debug_print_parse", "off"},
            {"debug_print_rewritten", "off"},
            {"debug_print_plan", "off"}};
}

bool mentions(const std::vector<std::string>& faults, std::string_view word) {
    return std::ranges::any_of(
        faults, [&](const std::string& fault) { return fault.find(word) != std::string::npos; });
}

Connection as(const std::string& conninfo) { return {{.conninfo = conninfo}, {}}; }

std::vector<std::string> faults_after(const tests::FreshDatabase& database, const std::string& sql) {
    Connection superuser = as(database.superuser());
    superuser.script(sql);
    Connection hub = as(database.hub());
    return faults_of_server(hub);
}

}  // namespace

TEST_CASE("A server with every promised setting has no fault") { CHECK(faults_of(good_settings()).empty()); }

TEST_CASE("Each setting that weakens a promise is told with what to do") {
    const std::pair<std::string, std::string> weak[] = {{"fsync", "off"},
                                                        {"synchronous_commit", "off"},
                                                        {"synchronous_commit", "local"},
                                                        {"synchronous_commit", "remote_write"},
                                                        {"full_page_writes", "off"},
                                                        {"data_checksums", "off"},
                                                        {"ignore_checksum_failure", "on"},
                                                        {"zero_damaged_pages", "on"},
                                                        {"log_statement", "ddl"},
                                                        {"log_min_duration_statement", "0"},
                                                        {"log_min_duration_sample", "100"},
                                                        {"log_transaction_sample_rate", "1"},
                                                        {"log_min_error_statement", "error"},
                                                        {"log_error_verbosity", "default"},
                                                        {"log_parameter_max_length", "-1"},
                                                        {"log_parameter_max_length_on_error", "64"},
                                                        {"debug_print_parse", "on"},
                                                        {"debug_print_rewritten", "on"},
                                                        {"debug_print_plan", "on"},
                                                        {"auto_explain.log_min_duration", "0"},
                                                        {"pgaudit.log", "write"}};
    for (const auto& [name, value] : weak) {
        CAPTURE(name, value);
        ServerSettings settings = good_settings();
        settings[name] = value;
        const auto faults = faults_of(settings);
        REQUIRE(faults.size() == 1);
        CHECK(faults[0].starts_with(name + " is " + value + ": "));
        CHECK((mentions(faults, "Set " + name + " = ") || mentions(faults, "pg_checksums --enable")));
    }
}

TEST_CASE("A commit that waits for the standby to have applied it is stronger and so allowed") {
    ServerSettings settings = good_settings();
    settings["synchronous_commit"] = "remote_apply";
    CHECK(faults_of(settings).empty());
}

TEST_CASE("A setting that the server does not tell is a fault") {
    for (const auto& [name, value] : good_settings()) {
        ServerSettings settings = good_settings();
        settings.erase(name);
        CAPTURE(name);
        CHECK(faults_of(settings).size() == 1);
    }
}

TEST_CASE("PostgreSQL 14 is refused and 15 is not") {
    ServerSettings settings = good_settings();
    settings["server_version_num"] = "149999";
    CHECK(mentions(faults_of(settings), "older than 15"));
    settings["server_version_num"] = "150000";
    CHECK(faults_of(settings).empty());
}

TEST_CASE("A cluster made by our own script and migrations is one the hub starts on") {
    const tests::FreshDatabase database;
    Connection hub = as(database.hub());
    CHECK(faults_of_server(hub) == std::vector<std::string>{});
}

TEST_CASE("Asynchronous commit that was set for the database alone is found") {
    const tests::FreshDatabase database;
    const auto faults =
        faults_after(database, "ALTER DATABASE " + database.name() + " SET synchronous_commit TO off");
    REQUIRE(faults.size() == 1);
    CHECK(mentions(faults, "synchronous_commit is off"));
}

TEST_CASE("Logging of statements that was set for the database alone is found") {
    const tests::FreshDatabase database;
    const auto faults =
        faults_after(database, "ALTER DATABASE " + database.name() + " SET log_statement TO 'all'");
    REQUIRE(faults.size() == 1);
    CHECK(mentions(faults, "log_statement is all"));
}

TEST_CASE("Any right to change the log is found however it was given") {
    struct Case {
        const char* given;
        const char* taken;
        const char* told;
    };
    constexpr Case kCases[] = {
        {"GRANT UPDATE ON log_entry TO kesher_hub", "REVOKE UPDATE ON log_entry FROM kesher_hub",
         "has UPDATE on log_entry"},
        {"GRANT UPDATE (data) ON log_entry TO kesher_hub",
         "REVOKE UPDATE (data) ON log_entry FROM kesher_hub", "has UPDATE on log_entry"},
        {"GRANT DELETE ON log_checkpoint TO PUBLIC", "REVOKE DELETE ON log_checkpoint FROM PUBLIC",
         "has DELETE on log_checkpoint"},
        {"GRANT TRUNCATE ON log_tile TO kesher_hub", "REVOKE TRUNCATE ON log_tile FROM kesher_hub",
         "has TRUNCATE on log_tile"},
        {"GRANT TRIGGER ON log_origin TO kesher_hub", "REVOKE TRIGGER ON log_origin FROM kesher_hub",
         "has TRIGGER on log_origin"},
        {"ALTER TABLE log_cosignature OWNER TO kesher_hub",
         "ALTER TABLE log_cosignature OWNER TO kesher_owner", "owns log_cosignature"}};
    const tests::FreshDatabase database;
    for (const auto& [given, taken, told] : kCases) {
        CAPTURE(given);
        CHECK(mentions(faults_after(database, given), told));
        CHECK(faults_after(database, taken).empty());
    }
}

TEST_CASE("A log without its tables is told as a missing migration") {
    const tests::FreshDatabase database(tests::FreshDatabase::Schema::empty);
    Connection hub = as(database.hub());
    CHECK(mentions(faults_of_role(hub), "Table log_entry is missing: run the migrations first"));
}

TEST_CASE("The hub does not run as superuser or as owner") {
    const tests::FreshDatabase database;
    Connection superuser = as(database.superuser());
    CHECK(mentions(faults_of_role(superuser), "as a superuser"));
    Connection owner = as(database.owner());
    CHECK(mentions(faults_of_role(owner), "owns log_entry"));
}

TEST_CASE("A superuser who has put on the hub's role is found") {
    const tests::FreshDatabase database;
    Connection disguised = as(database.superuser());
    disguised.script("SET ROLE kesher_hub");
    CHECK(mentions(faults_of_role(disguised), "as a superuser"));
}

TEST_CASE("The bootstrap may be run again and refuses a name that is not plain") {
    const tests::FreshDatabase database;
    Connection superuser = as(tests::FreshDatabase::cluster());
    CHECK_NOTHROW(bootstrap(superuser, database.name()));
    for (const auto* name : {"", "1a", "Kesher", "a b", "a;drop database postgres", "a-b"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(bootstrap(superuser, name), std::invalid_argument);
    }
    CHECK_THROWS_AS(bootstrap(superuser, std::string(64, 'a')), std::invalid_argument);
}

TEST_CASE("Nobody but the three roles may enter the database") {
    const tests::FreshDatabase database;
    Connection superuser = as(database.superuser());
    const Rows rows = superuser.query(
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'kesher%' AND has_database_privilege(oid, "
        "current_database(), 'CONNECT') ORDER BY 1");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].text(0) == kHubRole);
    CHECK(rows[1].text(0) == kOwnerRole);
    CHECK(rows[2].text(0) == kRetentionRole);
    const Rows others =
        superuser.query("SELECT has_database_privilege('pg_monitor', current_database(), 'CONNECT')");
    CHECK_FALSE(others.only().boolean(0));
}
