// A number about few people is not shown, and a time is shown as a band.
#include <catch2/catch.hpp>

#include "gateway/insight/rules/publication.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::insight;
using std::chrono::days;

namespace {

std::string band(int age) {
    const Day today = parse_day("2026-11-21").value();
    return std::string(kDayBands.text(band_of(today - days{age}, today)));
}

}  // namespace

TEST_CASE("A referral's age is shown in four bands of days") {
    CHECK(band(-1) == "0-3");
    CHECK(band(0) == "0-3");
    CHECK(band(3) == "0-3");
    CHECK(band(4) == "4-14");
    CHECK(band(14) == "4-14");
    CHECK(band(15) == "15-30");
    CHECK(band(30) == "15-30");
    CHECK(band(31) == "over-30");
}

TEST_CASE("Who does not sit at the round table sees counts from ten on") {
    CHECK(least_cell(OrganisationKind::public_body) == 5);
    CHECK(least_cell(OrganisationKind::auditor) == 5);
    for (const auto kind : {OrganisationKind::provider, OrganisationKind::ngo, OrganisationKind::hotline,
                            OrganisationKind::tool, OrganisationKind::operator_}) {
        CHECK(least_cell(kind) == 10);
    }
}

TEST_CASE("A count below the least is not said and above it in whole steps") {
    CHECK(said_count(0, 5) == std::nullopt);
    CHECK(said_count(4, 5) == std::nullopt);
    CHECK(said_count(5, 5) == 5U);
    CHECK(said_count(9, 5) == 5U);
    CHECK(said_count(10, 5) == 10U);
    CHECK(said_count(9, 10) == std::nullopt);
    CHECK(said_count(19, 10) == 10U);
}

TEST_CASE("The asker's own and all others' are counted apart") {
    CHECK(said_sum(0, 0, 5) == std::nullopt);
    CHECK(said_sum(4, 4, 5) == std::nullopt);  // eight together, of whom four would be others
    CHECK(said_sum(5, 4, 5) == 5U);
    CHECK(said_sum(4, 5, 5) == 5U);
    CHECK(said_sum(9, 9, 5) == 10U);
    CHECK(said_sum(10, 5, 5) == 15U);
}
