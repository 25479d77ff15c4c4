// Routes are data, and a table in which two rows could answer the same request does not start.
// Method: small tables and segments.
#include <catch2/catch.hpp>

#include "gateway/edge/route_table.h"

using namespace kesher::edge;
using kesher::telemetry::Word;

namespace {

Response nothing(const Request&) { return empty_response(); }

Route row(Word method, Word path) {
    return {.method = method, .path = path, .who = "any", .handler = nothing};
}

std::string_view path_found(const RouteTable& table, std::string_view method,
                            std::vector<std::string> segments) {
    const Lookup lookup = table.find(method, segments);
    const auto* found = std::get_if<Found>(&lookup);
    return found == nullptr ? "none" : found->route->path.text();
}

}  // namespace

TEST_CASE("A path is found by its literals and names and a literal is nearer") {
    const RouteTable table({row("GET", "/"), row("GET", "/v1/cases"), row("GET", "/v1/cases/{pseudonym}"),
                            row("GET", "/v1/cases/new"), row("GET", "/log/tile/{rest*}"),
                            row("GET", "/log/tile/entries/{rest*}"), row("GET", "/log/{name}/entries")});
    CHECK(path_found(table, "GET", {}) == "/");
    CHECK(path_found(table, "GET", {"v1", "cases"}) == "/v1/cases");
    CHECK(path_found(table, "GET", {"v1", "cases", "new"}) == "/v1/cases/new");
    CHECK(path_found(table, "GET", {"v1", "cases", "old"}) == "/v1/cases/{pseudonym}");
    CHECK(path_found(table, "GET", {"log", "tile", "0", "x001", "067"}) == "/log/tile/{rest*}");
    CHECK(path_found(table, "GET", {"log", "tile", "entries", "0"}) == "/log/tile/entries/{rest*}");
    CHECK(path_found(table, "GET", {"log", "tile", "entries"}) == "/log/tile/{rest*}");
    CHECK(path_found(table, "GET", {"log", "other", "entries"}) == "/log/{name}/entries");
    CHECK(path_found(table, "GET", {"v1", "cases", ""}) == "none");
    CHECK(path_found(table, "GET", {"log", "tile"}) == "none");
    CHECK(path_found(table, "GET", {"V1", "cases"}) == "none");
}

TEST_CASE("What a name stands for is told and a rest keeps its slashes") {
    const RouteTable table({row("GET", "/log/{kind}/{rest*}")});
    const auto found = std::get<Found>(table.find("GET", {"log", "tile", "0", "x001"}));
    CHECK(found.captures == Captures{{"kind", "tile"}, {"rest", "0/x001"}});
}

TEST_CASE("Another method of a known path is told apart from an unknown path") {
    const RouteTable table({row("GET", "/a"), row("POST", "/a"), row("PUT", "/a/{b}")});
    CHECK(std::get<OtherMethods>(table.find("DELETE", {"a"})).allow == "GET, POST");
    CHECK(std::get<OtherMethods>(table.find("GET", {"a", "c"})).allow == "PUT");
    CHECK(std::holds_alternative<UnknownPath>(table.find("GET", {"b"})));
}

TEST_CASE("Two rows for the same requests stop the start") {
    CHECK_THROWS_AS(RouteTable({row("GET", "/a/{b}"), row("GET", "/a/{c}")}), std::logic_error);
    CHECK_THROWS_AS(RouteTable({row("GET", "/a"), row("GET", "/a")}), std::logic_error);
    CHECK_NOTHROW(RouteTable({row("GET", "/a/{b}"), row("POST", "/a/{c}")}));
    CHECK_NOTHROW(RouteTable({row("GET", "/a/{b}"), row("GET", "/a/b")}));
}

TEST_CASE("A malformed row stops the start") {
    for (const Route& bad :
         {row("GET", "a"), row("GET", "/a/"), row("GET", "/a//b"), row("GET", "/{}"), row("GET", "/{a*}/b"),
          row("GET", "/{a}/{a}"), row("GET", "/a{b}"), row("GE T", "/a")}) {
        INFO(bad.path.text());
        CHECK_THROWS_AS(RouteTable({bad}), std::logic_error);
    }
    Route without_handler{.method = "GET", .path = "/a", .who = "any"};
    CHECK_THROWS_AS(RouteTable({without_handler}), std::logic_error);
    Route without_types{
        .method = "POST", .path = "/a", .who = "any", .body_bytes_max = 1, .handler = nothing};
    CHECK_THROWS_AS(RouteTable({without_types}), std::logic_error);
}
