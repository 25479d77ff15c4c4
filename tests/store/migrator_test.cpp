// Migrations go forward, once, and are never edited after they were applied.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/store/migrator.h"
#include "tests/support/postgres.h"

using namespace kesher;
using namespace kesher::store;
using Kind = MigrationRefusal::Kind;
using Names = std::vector<std::string>;

namespace {

constexpr Migration kFirst{"0001_first", "CREATE TABLE first (id bigint); INSERT INTO first VALUES (1)"};
constexpr Migration kSecond{"0002_second", "CREATE TABLE second (id bigint)"};
constexpr Migration kThird{"0003_third", "CREATE TABLE third (id bigint)"};

class Schema {
public:
    contract::Result<Names, MigrationRefusal> migrate(std::vector<Migration> migrations) {
        Connection owner({.conninfo = database_.owner()}, {});
        return store::migrate(owner, migrations);
    }
    std::optional<MigrationRefusal> fault(std::vector<Migration> migrations) {
        Connection hub({.conninfo = database_.hub()}, {});
        return schema_fault(hub, migrations);
    }
    bool has_table(std::string_view name) {
        Connection owner({.conninfo = database_.owner()}, {});
        return owner.query("SELECT to_regclass($1::text) IS NOT NULL", Parameters{}.text(name))
            .only()
            .boolean(0);
    }
    const tests::FreshDatabase& database() const { return database_; }

private:
    tests::FreshDatabase database_{tests::FreshDatabase::Schema::empty};
};

}  // namespace

TEST_CASE("Migrations are applied in order and a second run applies nothing") {
    Schema schema;
    const auto first = schema.migrate({kFirst, kSecond});
    REQUIRE(first.has_value());
    CHECK(first.value() == Names{"0001_first", "0002_second"});
    const auto again = schema.migrate({kFirst, kSecond});
    REQUIRE(again.has_value());
    CHECK(again.value().empty());
    const auto next = schema.migrate({kFirst, kSecond, kThird});
    REQUIRE(next.has_value());
    CHECK(next.value() == Names{"0003_third"});
}

TEST_CASE("A migration that was edited after it was applied is refused by name") {
    Schema schema;
    REQUIRE(schema.migrate({kFirst, kSecond}).has_value());
    const Migration edited{"0001_first", "CREATE TABLE first (id bigint); INSERT INTO first VALUES (2)"};
    const auto refused = schema.migrate({edited, kSecond, kThird});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == Kind::changed);
    CHECK(refused.error().migration == "0001_first");
    CHECK_FALSE(schema.has_table("third"));
}

TEST_CASE("A program that lacks an applied migration is older than its database and is refused") {
    Schema schema;
    REQUIRE(schema.migrate({kFirst, kSecond}).has_value());
    const auto refused = schema.migrate({kFirst});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == Kind::unknown);
    CHECK(refused.error().migration == "0002_second");
}

TEST_CASE("A migration that is numbered before an applied one is refused") {
    Schema schema;
    REQUIRE(schema.migrate({kFirst, kThird}).has_value());
    const auto refused = schema.migrate({kFirst, kSecond, kThird});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == Kind::out_of_order);
    CHECK(refused.error().migration == "0002_second");
    CHECK_FALSE(schema.has_table("second"));
}

TEST_CASE("A migration that fails leaves nothing of itself and keeps those before it") {
    Schema schema;
    const Migration broken{"0002_second", "CREATE TABLE second (id bigint); SELECT 1 / 0"};
    const auto refused = schema.migrate({kFirst, broken, kThird});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == Kind::failed);
    CHECK(refused.error().migration == "0002_second");
    CHECK(schema.has_table("first"));
    CHECK_FALSE(schema.has_table("second"));
    CHECK_FALSE(schema.has_table("third"));
    const auto mended = schema.migrate({kFirst, kSecond, kThird});
    REQUIRE(mended.has_value());
    CHECK(mended.value() == Names{"0002_second", "0003_third"});
}

TEST_CASE("Two programs that start together apply each migration once") {
    Schema schema;
    std::vector<std::size_t> applied(4);
    std::vector<std::thread> programs;
    for (std::size_t& count : applied) {
        programs.emplace_back([&] {
            const auto now = schema.migrate({kFirst, kSecond, kThird});
            count = now ? now.value().size() : 99;
        });
    }
    for (std::thread& program : programs) program.join();
    std::ranges::sort(applied);
    CHECK(applied == std::vector<std::size_t>{0, 0, 0, 3});
}

TEST_CASE("A hub is told what its schema lacks and when it fits") {
    Schema schema;
    auto fault = schema.fault({kFirst, kSecond});
    REQUIRE(fault.has_value());
    CHECK(fault->kind == Kind::pending);
    CHECK(fault->migration == "0001_first");
    REQUIRE(schema.migrate({kFirst}).has_value());
    fault = schema.fault({kFirst, kSecond});
    REQUIRE(fault.has_value());
    CHECK(fault->migration == "0002_second");
    REQUIRE(schema.migrate({kFirst, kSecond}).has_value());
    CHECK_FALSE(schema.fault({kFirst, kSecond}).has_value());
    fault = schema.fault({kFirst});
    REQUIRE(fault.has_value());
    CHECK(fault->kind == Kind::unknown);
}

TEST_CASE("Migrations with names out of order or form are our own fault") {
    Schema schema;
    CHECK_THROWS_AS(schema.migrate({kSecond, kFirst}), std::invalid_argument);
    CHECK_THROWS_AS(schema.migrate({kFirst, {"0001_other", "SELECT 1"}}), std::invalid_argument);
    CHECK_THROWS_AS(schema.migrate({{"1_short", "SELECT 1"}}), std::invalid_argument);
    CHECK_THROWS_AS(schema.migrate({{"0001_it's", "SELECT 1"}}), std::invalid_argument);
}

TEST_CASE("The hub's role cannot forge the record of migrations") {
    Schema schema;
    REQUIRE(schema.migrate({kFirst}).has_value());
    Connection hub({.conninfo = schema.database().hub()}, {});
    CHECK_THROWS_AS(hub.script("UPDATE schema_migration SET name = 'x'"), DatabaseRefused);
    CHECK_THROWS_AS(hub.script("DELETE FROM schema_migration"), DatabaseRefused);
    CHECK_THROWS_AS(hub.script("CREATE TABLE mine (id bigint)"), DatabaseRefused);
}

TEST_CASE("The program carries every migration file byte for byte") {
    const auto embedded = embedded_migrations();
    REQUIRE_FALSE(embedded.empty());
    CHECK(embedded.front().name == "0001_log");
    for (const Migration& migration : embedded) {
        CAPTURE(std::string(migration.name));
        std::ifstream file(KESHER_SOURCE_DIR "/gateway/store/migrations/" + std::string(migration.name) +
                           ".sql");
        std::ostringstream text;
        text << file.rdbuf();
        CHECK(text.str() == migration.sql);
    }
}
