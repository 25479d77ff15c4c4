// From a state to the events that the exchange is told, in order.
// Method: every state against every report; each step is one that tests/unit/record holds against the hub's
// rules.
#include <catch2/catch.hpp>

#include "adapters/health/steps.h"
#include "schemas/codec/records.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;
using E = ReferralEvent;
using S = ReferralState;

namespace {

constexpr std::array kStandings{S::delivered,   S::accepted,  S::waitlisted, S::scheduled,
                                S::in_progress, S::on_hold,   S::declined,   S::withdrawn,
                                S::cancelled,   S::completed, S::failed,     S::erroneous};

TaskReport report(S state) {
    TaskReport said;
    said.id = "17";
    said.state = state;
    said.occurred_on = parse_day("2026-11-21").value();
    if (state == S::declined) said.reason = Reason::no_capacity;
    if (state == S::failed) said.reason = Reason::contact_lost;
    if (state == S::completed) said.outcome = Outcome::provided;
    return said;
}

const AppointmentReport kBooked{AppointmentReport::Standing::booked,
                                {Instant{parse_day("2026-12-01").value()}, 30, "room 4"}};

std::vector<E> events(const Standing& standing, const TaskReport& said,
                      const std::optional<AppointmentReport>& appointment = {}) {
    const auto changes = steps_to(standing, said, appointment);
    if (!changes) FAIL(words_of(changes.error().front(), Language::en));
    std::vector<E> found;
    for (const Change& change : changes.value()) found.push_back(change.event.event);
    return found;
}

bool refused(const Standing& standing, const TaskReport& said, Flaw flaw) {
    const auto changes = steps_to(standing, said, {});
    return !changes && changes.error() == FhirFaults{{"Task.status", flaw}};
}

}  // namespace

TEST_CASE("Every answer to every state is a way of allowed steps that the codec takes or a refusal") {
    for (const S state : kStandings) {
        for (const S told : kStandings) {
            for (const bool booked : {false, true}) {
                const std::optional<AppointmentReport> appointment =
                    booked ? std::optional(kBooked) : std::nullopt;
                const auto changes = steps_to({state, S::accepted}, report(told), appointment);
                if (!changes) continue;
                Standing standing{state, S::accepted};
                for (const Change& change : changes.value()) {
                    REQUIRE(may(standing, change.event.event));
                    standing = after(standing, change.event.event);
                    CHECK_FALSE(codec::flaw(change.event));
                    CHECK(change.event.synthesized == (&change != &changes->back()));
                }
                const bool ours = told == S::cancelled || told == S::erroneous;
                const bool known =
                    changes->empty() || standing.state == told || standing.state == S::scheduled;
                CHECK((known || ours));
            }
        }
    }
}

TEST_CASE("Steps that the Task skipped are filled in and marked") {
    const auto changes = steps_to({S::delivered, {}}, report(S::completed), {}).value();
    REQUIRE(changes.size() == 3);
    CHECK((changes[0].event.event == E::accept && changes[0].event.synthesized));
    CHECK((changes[1].event.event == E::start && changes[1].event.synthesized));
    CHECK((changes[2].event.event == E::complete && !changes[2].event.synthesized));
    CHECK(changes[2].event.outcome == Outcome::provided);
    CHECK_FALSE(changes[0].event.outcome);
    CHECK(events({S::requested, {}}, report(S::accepted)) == std::vector{E::accept});
    CHECK(events({S::waitlisted, {}}, report(S::in_progress)) == std::vector{E::start});
    CHECK(events({S::delivered, {}}, report(S::failed)) == std::vector{E::accept, E::fail});
    CHECK(events({S::scheduled, {}}, report(S::completed)) == std::vector{E::complete});
}

TEST_CASE("What is no news is no event") {
    CHECK(events({S::accepted, {}}, report(S::accepted)).empty());
    CHECK(events({S::delivered, {}}, report(S::delivered)).empty());
    CHECK(events({S::in_progress, {}}, report(S::delivered)).empty());
    CHECK(events({S::scheduled, {}}, report(S::accepted)).empty());
    CHECK(events({S::scheduled, {}}, report(S::accepted), kBooked).empty());
    CHECK(events({S::withdrawn, {}}, report(S::cancelled)).empty());
    CHECK(events({S::erroneous, {}}, report(S::erroneous)).empty());
}

TEST_CASE("What has no way is refused and not guessed") {
    CHECK(refused({S::in_progress, {}}, report(S::declined), Flaw::not_a_step));
    CHECK(refused({S::in_progress, {}}, report(S::accepted), Flaw::not_a_step));
    CHECK(refused({S::completed, {}}, report(S::in_progress), Flaw::not_a_step));
    CHECK(refused({S::withdrawn, {}}, report(S::in_progress), Flaw::not_a_step));
    CHECK(refused({S::accepted, {}}, report(S::cancelled), Flaw::not_for_recipient));
    CHECK(refused({S::accepted, {}}, report(S::erroneous), Flaw::not_for_recipient));
}

TEST_CASE("An appointment makes it scheduled with its time and place in the sealed part") {
    const auto changes = steps_to({S::delivered, {}}, report(S::accepted), kBooked).value();
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].event.event == E::accept);
    CHECK_FALSE(changes[0].appointment);
    CHECK(changes[1].event.event == E::schedule);
    CHECK(changes[1].appointment == kBooked.appointment);
    const AppointmentReport called_off{AppointmentReport::Standing::called_off, {}};
    CHECK(events({S::delivered, {}}, report(S::accepted), called_off) == std::vector{E::accept});
}

TEST_CASE("A missed appointment is told by the Task or by the appointment") {
    TaskReport missed = report(S::accepted);
    missed.no_show = true;
    CHECK(events({S::scheduled, {}}, missed) == std::vector{E::no_show});
    const AppointmentReport noshow{AppointmentReport::Standing::no_show, {}};
    CHECK(events({S::scheduled, {}}, report(S::accepted), noshow) == std::vector{E::no_show});
    CHECK(events({S::accepted, {}}, report(S::accepted), noshow).empty());
}

TEST_CASE("A hold ends where it began unless something else is said") {
    const Standing held{S::on_hold, S::in_progress};
    CHECK(events(held, report(S::in_progress)) == std::vector{E::resume});
    CHECK(events(held, report(S::completed)) == std::vector{E::resume, E::complete});
    CHECK(events(held, report(S::declined)) == std::vector{E::decline});
    CHECK(events({S::on_hold, S::accepted}, report(S::in_progress)) == std::vector{E::resume, E::start});
    CHECK(events({S::delivered, {}}, report(S::on_hold)) == std::vector{E::accept, E::hold});
}

TEST_CASE("The words of a refusal go into the sealed part and a redirect may come without a code") {
    TaskReport said = report(S::declined);
    said.said = "אין תור פנוי";
    const auto declined = steps_to({S::delivered, {}}, said, {}).value();
    REQUIRE(declined.size() == 1);
    CHECK(declined[0].said == "אין תור פנוי");
    CHECK(declined[0].event.reason == Reason::no_capacity);
    said.redirect = true;
    said.reason.reset();
    const auto redirected = steps_to({S::accepted, {}}, said, {}).value();
    REQUIRE(redirected.size() == 1);
    CHECK(redirected[0].event.event == E::redirect);
    CHECK_FALSE(codec::flaw(redirected[0].event));
}
