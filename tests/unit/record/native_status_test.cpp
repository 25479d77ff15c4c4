// A state that a native system tells leads to events, and to none that would say what it did not say.
#include "adapters/record/native_status.h"

#include <catch2/catch.hpp>

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::record;
using E = ReferralEvent;
using S = ReferralState;

namespace {

Status status(Meaning meaning, std::optional<std::string> words = {}) {
    return {ReferralId::of_random({}), meaning, parse_day("2026-11-23").value(), std::move(words)};
}
std::vector<E> events(S from, Meaning meaning) {
    std::vector<E> found;
    const auto changes = changes_to({from}, status(meaning));
    REQUIRE(changes);
    for (const Change& change : *changes) {
        found.push_back(change.event.event);
    }
    return found;
}

}  // namespace

TEST_CASE("A meaning is a state of the receiving body with a reason or an outcome of that state") {
    CHECK(meaning_of("ACCEPTED") == Meaning{S::accepted});
    CHECK(meaning_of("DECLINED not-eligible") == Meaning{S::declined, Reason::not_eligible});
    CHECK(meaning_of("COMPLETED") == Meaning{S::completed});
    CHECK(meaning_of("COMPLETED provided") == Meaning{S::completed, {}, Outcome::provided});
    for (const char* none : {"", "accepted", "WITHDRAWN", "DECLINED", "DECLINED docs-missing",
                             "ACCEPTED provided", "DECLINED not-eligible ", "REQUESTED"}) {
        CAPTURE(none);
        CHECK_FALSE(meaning_of(none));
    }
}

TEST_CASE("Steps that a state skipped are filled in and marked, and the last one carries what was said") {
    CHECK(events(S::delivered, {S::completed, {}, Outcome::provided}) ==
          std::vector{E::accept, E::start, E::complete});
    const auto changes =
        changes_to({S::delivered}, status({S::declined, Reason::not_eligible}, "see our letter"));
    REQUIRE(changes->size() == 1);
    CHECK_FALSE(changes->front().event.synthesized);
    CHECK(changes->front().event.reason == Reason::not_eligible);
    CHECK(changes->front().said == "see our letter");
    CHECK(changes_to({S::delivered}, status({S::in_progress}))->front().event.synthesized);
    CHECK_FALSE(changes_to({S::withdrawn}, status({S::accepted})));
}

TEST_CASE("That she did not come is never made of a state, and a date that is known stays") {
    CHECK(changes_to({S::scheduled}, status({S::accepted}))->empty());
    const auto held = changes_to({S::on_hold, S::scheduled}, status({S::accepted}));
    REQUIRE(held);
    REQUIRE(held->size() == 1);
    CHECK(held->front().event.event == E::resume);
}

TEST_CASE("Words beside a state that is known already have no step to go with, and are not lost in silence") {
    CHECK(changes_to({S::accepted}, status({S::accepted}))->empty());
    CHECK_FALSE(changes_to({S::accepted}, status({S::accepted}, "x")));
    CHECK_FALSE(changes_to({S::accepted, std::nullopt, true}, status({S::accepted})));
}
