// Every statement of the hub finds its rows by an index, however small a table was when it was planned.
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "tests/store/sequencer/world.h"

using namespace kesher;

namespace {

// What is read whole on purpose: at the start, or where a table has one row or a few.
const std::set<std::string> kWholeTables{"log_origin", "officers_all", "tls_certificates_all", "tokens_all"};

// EXPLAIN EXECUTE of a prepared statement with nothing for every parameter: the plan does not look at them.
std::string plan_of(store::Connection& connection, const std::string& name, std::size_t parameters) {
    std::string call = "EXPLAIN (COSTS OFF) EXECUTE " + name;
    for (std::size_t i = 0; i < parameters; ++i) call += i == 0 ? "(NULL" : ", NULL";
    if (parameters > 0) call += ")";
    std::string plan;
    for (const store::Row line : connection.query(call)) plan += std::string(line.text(0)) + "\n";
    return plan;
}

// Of every statement, by its name.
std::map<std::string, std::string> plans_of_all() {
    const tests::FreshDatabase database;
    store::Connection connection({.conninfo = database.hub()}, sequencer::all_statements());
    const auto prepared = connection.query(
        "SELECT name, coalesce(array_length(parameter_types, 1), 0) FROM pg_prepared_statements ORDER BY "
        "name");
    CHECK(prepared.size() == sequencer::all_statements().size());
    std::map<std::string, std::string> plans;
    for (const store::Row row : prepared) {
        const std::string name(row.text(0));
        plans[name] = plan_of(connection, name, static_cast<std::size_t>(row.integer(1)));
    }
    return plans;
}

}  // namespace

TEST_CASE("No statement of the hub reads a whole table to find its rows") {
    std::set<std::string> whole;
    for (const auto& [name, plan] : plans_of_all()) {
        if (plan.find("Seq Scan") != std::string::npos) whole.insert(name);
    }
    CHECK(whole == kWholeTables);
}

TEST_CASE("No statement of the hub reads one side of a join whole though an index would do for that too") {
    for (const auto& [name, plan] : plans_of_all()) {
        CAPTURE(name, plan);
        CHECK(plan.find("Hash Join") == std::string::npos);
        CHECK(plan.find("Merge Join") == std::string::npos);
    }
}
