// A referral goes to the one body that the settings name for its service and authority.
// Method: one referral for housing; each case changes the rows.
#include "adapters/social_services/routing.h"

#include <catch2/catch.hpp>

#include "tests/unit/social_services/samples.h"

using namespace kesher::contract;
using namespace kesher::social_services;
using namespace kesher::social_services::test;

namespace {

Routes rows(const std::vector<std::pair<std::string_view, std::string_view>>& lines) {
    Routes routes;
    for (const auto& [key, organisation] : lines) routes.push_back(parse_route(key, organisation).value());
    return routes;
}

std::string gone_to(const Routes& routes) {
    const auto recipient = recipient_of(routes, sample());
    if (recipient) return recipient->text();
    const FileFault& fault = recipient.error();
    return std::to_string(fault.line) + ':' + std::to_string(fault.column) + ' ' + std::string(fault.field) +
           ' ' + std::string(kFlaws.text(fault.flaw));
}

}  // namespace

TEST_CASE("A service goes to its row wherever she lives") {
    CHECK(gone_to(rows({{"HOUS-RENT", "housing"}})) == "housing");
    CHECK(gone_to(rows({{"RIGHTS", "nii"}, {"HOUS-RENT", "housing"}})) == "housing");
}

TEST_CASE("A row of her own authority fits and a row of another does not") {
    CHECK(gone_to(rows({{"HOUS-RENT.5000", "ssd-5000"}})) == "ssd-5000");
    CHECK(gone_to(rows({{"HOUS-RENT.4000", "ssd-4000"}})) == "2:119 symbol route_missing");
    CHECK(gone_to(rows({{"HOUS-RENT.C5000", "ssd-r5000"}})) == "2:119 symbol route_missing");
}

TEST_CASE("A service without a row is refused at its line and field") {
    CHECK(gone_to({}) == "2:59 service route_missing");
    CHECK(gone_to(rows({{"RIGHTS", "nii"}})) == "2:59 service route_missing");
}

TEST_CASE("Two rows that fit are refused and none is preferred") {
    CHECK(gone_to(rows({{"HOUS-RENT", "housing"}, {"HOUS-RENT.5000", "ssd-5000"}})) ==
          "2:59 service route_twice");
    CHECK(gone_to(rows({{"HOUS-RENT", "housing"}, {"HOUS-RENT", "housing"}})) == "2:59 service route_twice");
}

TEST_CASE("A row is a service with or without an authority and one organisation") {
    CHECK(parse_route("HOUS-RENT.C0012", "ssd-r12")->authority ==
          Authority{Authority::Kind::regional_council, 12});
    CHECK_FALSE(parse_route("HOUSING", "housing"));
    CHECK_FALSE(parse_route("HOUS-RENT.70", "housing"));
    CHECK_FALSE(parse_route("HOUS-RENT.0000", "housing"));
    CHECK_FALSE(parse_route("HOUS-RENT.", "housing"));
    CHECK_FALSE(parse_route("HOUS-RENT", "hub"));
    CHECK_FALSE(parse_route("HOUS-RENT", "Housing"));
}
