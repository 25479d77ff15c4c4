// Which step may follow which, held against the hub's own rules, and which steps are filled in.
#include <catch2/catch.hpp>

#include "adapters/record/standing.h"
#include "gateway/referral/transitions.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::record;
using E = ReferralEvent;
using S = ReferralState;
using Events = std::vector<E>;

namespace {

constexpr std::array kStandings{S::delivered,   S::accepted,  S::waitlisted, S::scheduled,
                                S::in_progress, S::on_hold,   S::declined,   S::withdrawn,
                                S::cancelled,   S::completed, S::failed,     S::erroneous};

}  // namespace

TEST_CASE("A step here is a step of the hub's rules for the receiving side and the other way round") {
    for (const S state : kStandings) {
        for (std::size_t i = 0; i < kReferralEvents.size(); ++i) {
            const auto event = static_cast<E>(i);
            const auto* rule = referral::find_transition(state, event, referral::By::rec);
            const Standing at{state, S::accepted};
            const auto next = after(at, event);
            INFO(kReferralStates.text(state) << " " << kReferralEvents.text(event));
            REQUIRE(may(at, event) == (rule != nullptr));
            if (rule == nullptr) continue;
            switch (rule->to.target) {
                case referral::Target::state:
                    CHECK(next.state == rule->to.state);
                    break;
                case referral::Target::held:
                    CHECK((next.state == S::on_hold && next.held_from == state));
                    break;
                case referral::Target::remembered:
                    CHECK(next.state == S::accepted);
                    break;
                case referral::Target::unchanged:
                    FAIL("the receiving side changes no flag");
            }
        }
    }
}

TEST_CASE("Each event leads where the exchange says and once more leads nowhere else") {
    const Standing accepted{S::accepted};
    CHECK(after(accepted, E::schedule) == Standing{S::scheduled});
    CHECK(after(accepted, E::hold) == Standing{S::on_hold, S::accepted});
    CHECK(after(after(accepted, E::hold), E::resume) == accepted);
    CHECK(after({S::scheduled}, E::no_show) == accepted);
    CHECK(shown(after(accepted, E::freeze)) == S::on_hold);
    CHECK(after(after(accepted, E::freeze), E::unfreeze) == accepted);
    CHECK(shown(after(after(accepted, E::freeze), E::withdraw)) == S::withdrawn);
    for (std::size_t i = 0; i < kReferralEvents.size(); ++i) {
        const auto event = static_cast<E>(i);
        for (const Standing& from :
             {accepted, Standing{S::on_hold, S::in_progress}, Standing{S::requested}}) {
            INFO(kReferralEvents.text(event));
            CHECK(after(after(from, event), event) == after(from, event));
        }
    }
}

TEST_CASE("A status that skips steps has them filled in and no other step is made up") {
    CHECK(steps_to({S::delivered}, S::accepted) == Events{E::accept});
    CHECK(steps_to({S::requested}, S::scheduled) == Events{E::accept, E::schedule});
    CHECK(steps_to({S::delivered}, S::completed) == Events{E::accept, E::start, E::complete});
    CHECK(steps_to({S::waitlisted}, S::in_progress) == Events{E::start});
    CHECK(steps_to({S::scheduled}, S::accepted) == Events{E::no_show});
    CHECK(steps_to({S::on_hold, S::accepted}, S::in_progress) == Events{E::resume, E::start});
    CHECK(steps_to({S::delivered}, S::delivered) == Events{});
    CHECK(steps_to({S::in_progress}, S::in_progress) == Events{});
}

TEST_CASE("Where no step leads there is none: not from an end and not back to a waiting list") {
    CHECK(steps_to({S::completed}, S::in_progress) == std::nullopt);
    CHECK(steps_to({S::withdrawn}, S::accepted) == std::nullopt);
    CHECK(steps_to({S::in_progress}, S::declined) == std::nullopt);
    CHECK(steps_to({S::in_progress}, S::waitlisted) == std::nullopt);
    CHECK(steps_to({S::accepted, std::nullopt, true}, S::in_progress) == std::nullopt);
}

TEST_CASE("Every way is one of steps that the hub allows and only its last was said by anybody") {
    for (const S state : kStandings) {
        for (std::size_t i = 0; i < kReferralEvents.size(); ++i) {
            const auto last = static_cast<E>(i);
            Standing at{state, S::accepted};
            const auto way = way_to(at, last);
            if (!way) continue;
            REQUIRE(way->back() == last);
            for (const E& event : *way) {
                INFO(kReferralStates.text(at.state) << " " << kReferralEvents.text(event));
                REQUIRE(referral::find_transition(at.state, event, referral::By::rec) != nullptr);
                const bool filled_in = event == E::accept || event == E::start || event == E::resume;
                CHECK((&event == &way->back() || filled_in));
                at = after(at, event);
            }
        }
    }
}

TEST_CASE("What is frozen moves by no word of the receiving body") {
    for (const S state : kStandings) {
        const Standing frozen{state, S::accepted, true};
        for (std::size_t i = 0; i < kReferralEvents.size(); ++i) {
            CHECK_FALSE(may(frozen, static_cast<E>(i)));
            CHECK_FALSE(way_to(frozen, static_cast<E>(i)));
        }
    }
}

TEST_CASE("Each state that the receiving body gives for a reason has its own and the others have none") {
    CHECK(reasons_of(S::declined).has(Reason::no_capacity));
    CHECK_FALSE(reasons_of(S::declined).has(Reason::docs_missing));
    CHECK(reasons_of(S::on_hold).has(Reason::docs_missing));
    CHECK(reasons_of(S::failed).has(Reason::contact_lost));
    for (const S state : {S::accepted, S::waitlisted, S::scheduled, S::in_progress, S::completed}) {
        CHECK(reasons_of(state).empty());
    }
}
