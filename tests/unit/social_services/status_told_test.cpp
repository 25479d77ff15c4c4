// Each state of a referral has its status record, and a status that skips steps has them filled in.
#include <catch2/catch.hpp>

#include "adapters/social_services/to_records.h"
#include "tests/unit/social_services/samples.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::social_services;
using namespace kesher::social_services::test;
using namespace std::chrono_literals;
using E = ReferralEvent;
using S = ReferralState;

namespace {

const Carried kCarried{id<ReferralId>(3), organisation_id("health"), Purpose::referral,
                       LegalBasis::written_consent_explained, id<ConsentId>(4)};

Status status(S state) {
    Status made{.pseudonym = {},
                .referral = "n",
                .state = state,
                .reason = {},
                .date = day("2026-11-20"),
                .time = {},
                .worker = {},
                .outcome = {},
                .line = {2}};
    if (state == S::declined) made.reason = Reason::no_capacity;
    if (state == S::on_hold) made.reason = Reason::docs_missing;
    if (state == S::failed) made.reason = Reason::service_ended;
    if (state == S::completed) made.outcome = Outcome::partly;
    return made;
}

Result<std::vector<kit::Message>, FileFault> said(const Status& made, Standing from, std::uint8_t file = 9) {
    Digest digest;
    digest.bytes.fill(file);
    return events_of(made, {kCarried, pseudonym(5), from, digest, day("2026-11-21")}, desk(), aliases());
}

Instant at(std::string_view on, std::chrono::minutes time) { return start_of(day(on)) + time; }

}  // namespace

TEST_CASE("Every state is told by a status record that reads back as it was written") {
    for (std::size_t i = 0; i < kReferralStates.size(); ++i) {
        const auto state = static_cast<S>(i);
        INFO(kReferralStates.text(state));
        StepTold told{{}, Outcome::provided, day("2026-11-21"), {}};
        if (state == S::declined) told.reason = Reason::not_eligible;
        const Status made = status_of("A-1", pseudonym(1), {state}, told);
        const FileHeader header{"000000018", "000000000000042"};
        const auto file = encode_status_file({header, {}, {made}}, Encoding::windows_1255);
        const auto read = decode_status_file(file->bytes, Encoding::windows_1255, StatusOrigin::exchange);
        REQUIRE(read);
        CHECK(read->statuses == std::vector{made});
        CHECK(made.state == state);
        CHECK(made.outcome.has_value() == (state == S::completed));
    }
}

TEST_CASE("Only the last event of a status is the department's own word") {
    const auto messages = said(status(S::completed), {S::delivered});
    REQUIRE(messages->size() == 3);
    for (const kit::Message& message : *messages) {
        const auto& event = std::get<codec::ReferralEventPayload>(message.payload);
        const bool last = &message == &messages->back();
        CHECK(event.synthesized == !last);
        CHECK(event.outcome.has_value() == last);
        CHECK(event.occurred_on == day("2026-11-20"));
        CHECK(codec::flaw(event) == std::nullopt);
        CHECK(message.to == organisation_id("health"));
        CHECK(message.consent == kCarried.consent);
        CHECK(message.actor.role == OfficerRole::system);
    }
}

TEST_CASE("Every state that a department gives makes events that the exchange can carry") {
    for (const S state : {S::accepted, S::waitlisted, S::scheduled, S::in_progress, S::on_hold, S::declined,
                          S::failed, S::completed}) {
        INFO(kReferralStates.text(state));
        const auto messages = said(status(state), {S::delivered});
        REQUIRE(messages);
        Standing standing{S::delivered};
        for (const kit::Message& message : *messages) {
            const auto& event = std::get<codec::ReferralEventPayload>(message.payload);
            CHECK(codec::flaw(event) == std::nullopt);
            standing = after(standing, event.event);
        }
        CHECK(standing.state == state);
    }
}

TEST_CASE("A state that is hers or the hub's is not the department's to give") {
    for (const S state : {S::draft, S::requested, S::withdrawn, S::cancelled, S::expired, S::erroneous}) {
        INFO(kReferralStates.text(state));
        const auto fault = said(status(state), {S::delivered}).error();
        CHECK(fault.flaw == Flaw::status_not_yours);
        CHECK(fault.line == 2);
        CHECK(fault.column == 59);
    }
}

TEST_CASE("A reason is one of its own state and a hold has one") {
    Status hold = status(S::on_hold);
    hold.reason = Reason::no_capacity;
    CHECK(said(hold, {S::accepted}).error().flaw == Flaw::reason);
    hold.reason.reset();
    CHECK(said(hold, {S::accepted}).error().flaw == Flaw::reason);
    Status declined = status(S::declined);
    declined.reason = Reason::consent_missing;  // the hub's word
    CHECK(said(declined, {S::delivered}).error().flaw == Flaw::reason);
}

TEST_CASE("An appointment travels sealed with its hour in Israel and nothing else of her") {
    Status scheduled = status(S::scheduled);
    scheduled.date = day("2026-12-01");
    scheduled.time = 9h + 30min;
    const auto messages = said(scheduled, {S::accepted});
    const auto& sealed = messages->back().sealed;
    REQUIRE(sealed);
    CHECK(sealed->appointment->slot == at("2026-12-01", 450min));
    CHECK(sealed->appointment->place == "הלשכה");
    CHECK(sealed->groups().empty());
    CHECK(sealed->safety.contact_prohibited);
    CHECK(std::get<codec::ReferralEventPayload>(messages->back().payload).occurred_on == day("2026-11-21"));

    const Status back =
        status_of("n", pseudonym(1), {S::scheduled}, {{}, {}, day("2026-11-21"), sealed->appointment});
    CHECK(back.date == day("2026-12-01"));
    CHECK(back.time == 9h + 30min);
}

TEST_CASE("The same status in another file is another event and in the same file the same") {
    const auto first = said(status(S::accepted), {S::delivered})->front().id;
    CHECK(said(status(S::accepted), {S::delivered})->front().id == first);
    CHECK(said(status(S::accepted), {S::delivered}, 10)->front().id != first);
}

// The vectors were computed with Python's hmac, not by us.
TEST_CASE("A number made for another's referral is 16 characters and always the same") {
    CHECK(native_number(id<ReferralId>(3), aliases()) == "vpzvc7p1ree6avmw");
    CHECK(native_number(id<ReferralId>(3), kit::AliasMaker(statement::Secret(Bytes(32, 1)))) ==
          "cqwegwspnqef9fjt");
    CHECK(native_number(id<ReferralId>(4), aliases()) != "vpzvc7p1ree6avmw");
    CHECK(kit::is_native_number("vpzvc7p1ree6avmw"));
    CHECK(native_number(id<ConsentId>(0)) == "0000000001001000");
}

TEST_CASE("Whoever names two referrals alike but for their last characters gives them no common number") {
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(3);
    bytes.back() = 4;
    const auto alike = ReferralId::of_random(bytes);
    REQUIRE(alike.text().substr(0, 34) == id<ReferralId>(3).text().substr(0, 34));
    CHECK(native_number(alike, aliases()) != native_number(id<ReferralId>(3), aliases()));
}
