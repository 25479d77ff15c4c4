#include "gateway/http/ordinary_calls.h"

#include <catch2/catch.hpp>
#include <vector>

namespace {

using kesher::contract::OrganisationId;
using kesher::http::OrdinaryCalls;
using Places = std::vector<OrdinaryCalls::Place>;

const OrganisationId kHealth = *OrganisationId::parse("health");
const OrganisationId kHousing = *OrganisationId::parse("housing");

// As many as enter, held.
Places fill(OrdinaryCalls& calls, const OrganisationId& body) {
    Places held;
    while (auto place = calls.enter(body)) held.push_back(*std::move(place));
    return held;
}

TEST_CASE("A body's ordinary calls take three quarters of its connections and leave the others their own") {
    OrdinaryCalls calls(128, 16);
    const Places held = fill(calls, kHealth);
    CHECK(held.size() == 12);
    CHECK(calls.enter(kHousing));
}

TEST_CASE("The ordinary calls of all bodies take three quarters of the threads") {
    OrdinaryCalls calls(16, 8);
    const Places first = fill(calls, kHealth);
    const Places second = fill(calls, kHousing);
    CHECK(first.size() == 6);
    CHECK(second.size() == 6);
    CHECK_FALSE(calls.enter(*OrganisationId::parse("labor")));
}

TEST_CASE("A call that is over leaves its place to the next") {
    OrdinaryCalls calls(16, 4);
    Places held = fill(calls, kHealth);
    REQUIRE(held.size() == 3);
    CHECK_FALSE(calls.enter(kHealth));
    held.pop_back();
    CHECK(fill(calls, kHealth).size() == 1);
}

TEST_CASE("A poll always enters and what it holds is not shared out") {
    OrdinaryCalls calls(128, 16);
    Places held = fill(calls, kHealth);
    const auto poll = calls.enter_poll(kHealth);
    held.clear();
    const auto second = calls.enter_poll(kHealth);
    CHECK(fill(calls, kHealth).size() == 10);
}

TEST_CASE("A body whose polls hold all of its connections still has one ordinary call") {
    OrdinaryCalls calls(128, 4);
    Places polls;
    for (int i = 0; i < 6; ++i) polls.push_back(calls.enter_poll(kHealth));
    CHECK(fill(calls, kHealth).size() == 1);
}

TEST_CASE("A place that is handed on is left once") {
    OrdinaryCalls calls(128, 4);
    {
        auto place = calls.enter(kHealth);
        REQUIRE(place);
        const OrdinaryCalls::Place moved = *std::move(place);
        place.reset();
        CHECK(fill(calls, kHealth).size() == 2);
    }
    CHECK(fill(calls, kHealth).size() == 3);
}

}  // namespace
