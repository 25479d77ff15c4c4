// Who is told of a step: each party what it must know, and a body that got nothing, nothing.
// Method: one step of each actor; the released flag and the channel change.
#include <catch2/catch.hpp>

#include "tests/unit/referral/builders.h"

using namespace kesher::referral;
using namespace kesher::referral::test;

namespace {

Step step_of(const Referral& referral, const EventRequest& request) {
    return attempt(referral, request)->steps.back();
}
Step step_of(S state, E event, By by) { return step_of(standing(state), complete_request(event, by)); }

}  // namespace

TEST_CASE("What the receiving side says goes to the referring side as it was said") {
    const Step step = step_of(S::delivered, E::accept, By::rec);
    CHECK(step.referrer == Told::as_sent);
    CHECK(step.recipient == Told::nothing);
}

TEST_CASE("What the referring side says goes to the receiving side as it was said") {
    const Step step = step_of(S::delivered, E::cancel, By::ref);
    CHECK(step.referrer == Told::nothing);
    CHECK(step.recipient == Told::as_sent);
}

TEST_CASE("What she does by her own code both learn from the hub") {
    const Step step = step_of(S::delivered, E::withdraw, By::sub);
    CHECK(step.referrer == Told::hub_notice);
    CHECK(step.recipient == Told::hub_notice);
}

TEST_CASE("A body to which nothing was released never learns that there was a referral") {
    for (const By by : {By::sub, By::hub}) {
        CHECK(step_of(S::requested, E::withdraw, by).recipient == Told::nothing);
        CHECK(step_of(S::requested, E::withdraw, by).referrer == Told::hub_notice);
    }
    CHECK(step_of(S::requested, E::cancel, By::ref).recipient == Told::nothing);
    CHECK(step_of(S::requested, E::expire, By::hub).recipient == Told::nothing);
    CHECK(step_of(S::requested, E::freeze, By::po).recipient == Told::nothing);
    Referral released = standing(S::requested);
    released.released = true;
    CHECK(step_of(released, complete_request(E::expire, By::hub)).recipient == Told::hub_notice);
}

TEST_CASE("Receipts are told to the referring side alone") {
    CHECK(step_of(S::requested, E::deliver, By::hub).referrer == Told::hub_notice);
    CHECK(step_of(S::requested, E::deliver, By::hub).recipient == Told::nothing);
    Referral released = standing(S::requested);
    released.released = true;
    const Step failed = step_of(released, complete_request(E::undeliverable, By::hub));
    CHECK(failed.referrer == Told::hub_notice);
    CHECK(failed.recipient == Told::nothing);
}

TEST_CASE("A receipt that an answer implies is told before the answer") {
    Referral released = standing(S::requested);
    released.released = true;
    const Applied applied = attempt(released, complete_request(E::accept, By::rec)).value();
    CHECK(applied.steps[0].referrer == Told::hub_notice);
    CHECK(applied.steps[0].recipient == Told::nothing);
    CHECK(applied.steps[1].referrer == Told::as_sent);
}

TEST_CASE("A withdrawal through the worker goes as sent and without a sealed part that it should not have") {
    EventRequest withdraw = complete_request(E::withdraw, By::sub);
    withdraw.caller = department;
    CHECK(step_of(standing(S::accepted), withdraw).recipient == Told::as_sent);
    CHECK(step_of(standing(S::accepted), withdraw).referrer == Told::nothing);
    withdraw.has_sealed = true;
    CHECK(step_of(standing(S::accepted), withdraw).recipient == Told::hub_notice);
}

TEST_CASE("A freeze and its end are told as the states that people see") {
    const Applied frozen = attempt(S::in_progress, E::freeze, By::po).value();
    CHECK(frozen.steps[0].from == S::in_progress);
    CHECK(frozen.steps[0].to == S::on_hold);
    CHECK(frozen.steps[0].recipient == Told::hub_notice);
    const Applied back = attempt(frozen.referral, complete_request(E::unfreeze, By::po)).value();
    CHECK(back.steps[0].from == S::on_hold);
    CHECK(back.steps[0].to == S::in_progress);
}
