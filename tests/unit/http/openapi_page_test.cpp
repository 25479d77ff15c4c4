// The rows of the contract's listeners make route tables, and the page is served as its file stands.
// Method: every row with a handler of its own place; what is on the page is the referee's (openapi.mjs).
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "gateway/edge/route_table.h"
#include "gateway/http/openapi_page.h"
#include "gateway/http/route_rows.h"

using namespace kesher;

namespace {

template <class Rows>
edge::RouteTable table_of(const Rows& rows) {
    std::vector<edge::Route> routes;
    for (const auto& row : rows) {
        edge::Route route{row.method, row.path,
                          row.who,    row.body_bytes_max,
                          {},         [](const edge::Request&) {
                              return edge::empty_response(); }};
        if (row.body_bytes_max > 0) route.media_types.push_back(row.media_type);
        routes.push_back(std::move(route));
    }
    return edge::RouteTable(std::move(routes));  // throws for a malformed or a second row
}

std::string found_path(const edge::RouteTable& table, std::string_view method,
                       const std::vector<std::string>& segments) {
    const auto lookup = table.find(method, segments);
    const auto* found = std::get_if<edge::Found>(&lookup);
    return found != nullptr ? std::string(found->route->path.text()) : "none";
}

}  // namespace

TEST_CASE("The page is served byte for byte as the file stands") {
    std::ifstream file(KESHER_SOURCE_DIR "/schemas/openapi.yaml", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    REQUIRE(text.starts_with("openapi: 3.1.0\n"));
    CHECK(http::openapi_page() == text);
}

TEST_CASE("Every row is well formed and no request fits two rows") {
    CHECK(table_of(http::kOrganisationRows).routes().size() == http::kOrganisationRows.size());
    CHECK(table_of(http::kNewcomerRows).routes().size() == http::kNewcomerRows.size());
    CHECK(table_of(http::kLocalRows).routes().size() == http::kLocalRows.size());
}

TEST_CASE("Each call of an organisation stands in exactly one row") {
    for (std::size_t i = 0; i < http::kOrganisationRows.size(); ++i) {
        CHECK(static_cast<std::size_t>(http::kOrganisationRows.at(i).call) == i);
    }
}

TEST_CASE("Orders of the operator and nothing else are for operators alone") {
    for (const auto& row : http::kOrganisationRows) {
        const bool admin = row.path.text().starts_with("/v1/admin/");
        CHECK((row.who == telemetry::Word("operator")) == admin);
    }
}

TEST_CASE("A tile keeps the slashes of its path and a receipt has none") {
    const auto table = table_of(http::kOrganisationRows);
    CHECK(found_path(table, "GET", {"log", "tile", "entries", "x001", "234"}) == "/log/tile/{tile*}");
    CHECK(found_path(table, "GET", {"log", "receipts", "17"}) == "/log/receipts/{index}");
    CHECK(found_path(table, "GET", {"log", "receipts", "17", "18"}) == "none");
    CHECK(found_path(table, "GET", {"openapi.yaml"}) == "/openapi.yaml");
}
