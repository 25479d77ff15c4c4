// What others say of a referral leads where domain.md 3 says, and nowhere else.
#include "adapters/record/told.h"

#include <catch2/catch.hpp>

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::record;
using E = ReferralEvent;
using S = ReferralState;

TEST_CASE("What ends a referral ends it wherever it stands, and a freeze lies over any state") {
    for (const S state : {S::delivered, S::waitlisted, S::scheduled, S::on_hold, S::in_progress}) {
        CHECK(told({state}, E::withdraw)->state == S::withdrawn);
        CHECK(told({state}, E::cancel)->state == S::cancelled);
        CHECK(told({state}, E::expire)->state == S::expired);
        CHECK(told({state}, E::mark_error)->state == S::erroneous);
        CHECK(told({state}, E::freeze) == Standing{state, std::nullopt, true});
    }
}

TEST_CASE("She chooses a date under a freeze and the freeze stays") {
    const auto then = told({S::accepted, std::nullopt, true}, E::schedule);
    REQUIRE(then);
    CHECK(*then == Standing{S::scheduled, std::nullopt, true});
    CHECK_FALSE(told({S::delivered}, E::schedule));
}

TEST_CASE("The receiving body's own events are nobody else's to say") {
    for (const E event : {E::accept, E::decline, E::waitlist, E::start, E::complete, E::fail, E::no_show})
        CHECK_FALSE(told({S::accepted}, event));
}

TEST_CASE("Each end of the exchange is named by its event, and the body's own ends are none") {
    for (const E event : {E::withdraw, E::cancel, E::expire, E::mark_error}) {
        CHECK(is_end(event));
        const S state = told({S::accepted}, event)->state;
        CHECK(is_end_of_exchange(state));
        CHECK(event_of_end(state) == event);
    }
    CHECK_FALSE(is_end(E::freeze));
    for (const S state : {S::completed, S::declined, S::failed}) CHECK_FALSE(is_end_of_exchange(state));
}

TEST_CASE("What halts it and what the hub says may not be declined") {
    const auto department = OrganisationId::parse("ssd-5000").value();
    CHECK(is_binding(department, E::freeze));
    CHECK(is_binding(department, E::hold));
    CHECK_FALSE(is_binding(department, E::schedule));
    CHECK(is_binding(OrganisationId::hub(), E::schedule));
}
