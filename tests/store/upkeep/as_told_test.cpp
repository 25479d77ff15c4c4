// The body that referred her sees of her referral what it would be told: without her word for it, that it was
// delivered and that it ended, and nothing between.
#include <catch2/catch.hpp>

#include "gateway/insight/as_told.h"
#include "gateway/insight/board.h"
#include "gateway/insight/reading.h"
#include "schemas/json/read.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Referred;
using tests::World;
using E = ReferralEvent;

namespace {

// A text or a number; "-" where there is none.
std::string word(const json::Value& object, std::string_view key) {
    const json::Value* found = object.find(key);
    if (found == nullptr) return "-";
    if (const auto* text = found->text()) return *text;
    return std::to_string(*found->integer());
}

json::Value opened(const insight::Read& answer) {
    REQUIRE(answer);
    return json::read(*answer, {.bytes = 1024 * 1024, .depth = 8}).value();
}

constexpr auto kOpen = "cancel mark_error withdraw";

tests::Terms agreed_to(std::vector<Purpose> purposes, Direction direction) {
    return {.purposes = std::move(purposes),
            .groups = {DataGroup::identity},
            .services = {Service::ben_child},
            .direction = direction};
}
const tests::Terms kNoNews = agreed_to({Purpose::benefit_claim}, Direction::out);
const tests::Terms kWithNews = agreed_to({Purpose::benefit_claim, Purpose::status_feedback}, Direction::both);
const tests::Terms kNewsAlone = agreed_to({Purpose::status_feedback}, Direction::back);

// Child allowance, which may stand on a board: sent on her consent, or on a statute where there is none.
// Handed over and taken; what its recipient says of it comes on later days.
struct Sent {
    World world;
    const tests::Body& sender = world.department;
    const tests::Body& recipient = world.nii;
    Pseudonym woman = world.open_case(sender);
    Referred referred;
    codec::Delivery submission;
    Day delivered;

    explicit Sent(const std::optional<tests::Terms>& agreed, bool receipt = true)
        : referred{keys::new_id<ReferralId>(),
                   agreed ? world.agree(woman, recipient, *agreed) : keys::new_id<ConsentId>(),
                   Service::ben_child},
          submission(hand_over(agreed.has_value(), receipt)),
          delivered(world.today()) {}

    codec::Delivery hand_over(bool by_consent, bool receipt) {
        tests::Message message = world.referral(sender, woman, recipient, referred);
        if (!by_consent) {
            message.says.consent.reset();
            message.says.basis = LegalBasis::between_public_bodies_within_powers;
        }
        (void)world.must_send(sender, message);
        auto batch = world.poll(recipient);
        REQUIRE(batch.size() == 1);
        world.pass(48h);
        if (receipt) (void)world.acknowledge(recipient, batch.front(), AckOutcome::taken);
        return batch.front();
    }
    void say(E event) {
        world.pass(48h);
        tests::Message update = world.event(recipient, submission.pseudonym, sender, referred, event);
        if (!by_consent()) {
            update.says.consent.reset();
            update.says.basis = LegalBasis::between_public_bodies_within_powers;
        }
        (void)world.must_send(recipient, update);
    }
    bool by_consent() { return world.count("referral WHERE consent IS NOT NULL") == 1; }
    // Whatever waits for it is released or dropped.
    void fetch_news() {
        for (int times = 0; times < 4; ++times) {
            for (const auto& each : world.poll(sender)) {
                (void)world.acknowledge(sender, each, AckOutcome::taken);
            }
        }
    }

    insight::Rooms rooms() { return {world.hub(), world.readers(), world.row_keys(), world.sealed_store()}; }
    static insight::Reader reader(const tests::Body& body) { return {body.id(), body.tls_certificate()}; }
    json::Value view(const tests::Body& body) {
        return opened(insight::referral(rooms(), reader(body), referred.id));
    }
    std::string events(const tests::Body& body) {
        std::set<std::string> sorted;
        const json::Value shown = view(body);
        for (const json::Value& each : *shown.find("events_allowed")->array()) sorted.insert(*each.text());
        std::string events;
        for (const std::string& each : sorted) events += (events.empty() ? "" : " ") + each;
        return events;
    }
    // Each of the four looks, in one line: state, version, since, whether news are stopped.
    std::string of_referral(const tests::Body& body) {
        const json::Value shown = view(body);
        return word(shown, "state") + " " + word(shown, "version") + " " + word(shown, "since") + " " +
               word(shown, "updates");
    }
    static std::string of_case(const json::Value& shown) {
        const json::Value referral = shown.find("referrals")->array()->at(0);
        return word(referral, "state") + " " + word(referral, "since") + " " + word(referral, "waiting_for");
    }
    std::string of_case(const tests::Body& body) {
        const Pseudonym& name = &body == &sender ? woman : submission.pseudonym;
        const std::string one = of_case(opened(insight::one_case(rooms(), reader(body), name)));
        const json::Value all = opened(insight::cases(rooms(), reader(body)));
        CHECK(of_case(all.find("cases")->array()->at(0)) == one);
        return one;
    }
    std::string consent_until(const tests::Body& body) {
        const Pseudonym& name = &body == &sender ? woman : submission.pseudonym;
        const json::Value shown = opened(insight::one_case(rooms(), reader(body), name));
        return word(shown.find("referrals")->array()->at(0), "consent_until");
    }
    std::string of_board(const tests::Body& body) {
        const json::Value board = opened(insight::board(rooms(), reader(body)));
        const json::Value line = board.find("lines")->array()->at(0);
        return word(line, "state") + " " + word(line, "days") + " " + word(line, "waiting_for") + " " +
               word(line, "updates");
    }
    void sees_delivery_alone() {
        const std::string day = text(delivered);
        CHECK(of_referral(sender) == "DELIVERED 0 " + day + " stopped");
        CHECK(events(sender) == kOpen);
        CHECK(of_case(sender) == "DELIVERED " + day + " recipient");
        const bool lately = world.today() < delivered + std::chrono::days{4};
        CHECK(of_board(sender) ==
              std::string("DELIVERED ") + (lately ? "0-3" : "4-14") + " recipient stopped");
    }
    // As it stands, since today.
    void sees(const tests::Body& body, const std::string& state, int version) {
        const std::string day = text(world.today());
        CHECK(of_referral(body) == state + " " + std::to_string(version) + " " + day + " -");
        CHECK(of_case(body) == state + " " + day + " recipient");
        CHECK(of_board(body) == state + " 0-3 recipient -");
    }
};

}  // namespace

TEST_CASE("Without her word for news the referrer reads the delivery and the end and nothing between") {
    Sent one(kNoNews);
    one.sees_delivery_alone();
    for (const E event : {E::accept, E::schedule, E::start}) {
        one.say(event);
        one.sees_delivery_alone();
    }
    one.fetch_news();
    one.sees_delivery_alone();
    one.say(E::complete);
    CHECK(one.of_referral(one.sender) == "COMPLETED 0 " + text(one.world.today()) + " -");
    CHECK(one.of_case(one.sender) == "COMPLETED " + text(one.world.today()) + " nobody");
    CHECK(one.of_board(one.sender) == "COMPLETED 0-3 nobody -");
    one.fetch_news();
    CHECK(one.of_referral(one.sender) == "COMPLETED 0 " + text(one.world.today()) + " -");
}

TEST_CASE("What the referrer reads before the delivery is its own and does not hang on her word for news") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.nii, kNoNews);
    const Referred referred = world.refer(woman, world.nii, consent, Service::ben_child);
    const insight::Rooms rooms{world.hub(), world.readers(), world.row_keys(), world.sealed_store()};
    const auto shown = opened(insight::referral(rooms, Sent::reader(world.department), referred.id));
    CHECK(word(shown, "state") == "REQUESTED");
    CHECK(word(shown, "version") == "1");
    CHECK(word(shown, "updates") == "-");
}

TEST_CASE("The recipient reads its referral as it stands whatever its referrer may read") {
    Sent one(kNoNews);
    one.say(E::accept);
    one.sees(one.recipient, "ACCEPTED", 3);
    CHECK(one.events(one.recipient).find("start") != std::string::npos);
    one.sees_delivery_alone();
}

TEST_CASE("With her word for news the referrer reads where its referral stands") {
    Sent one(kWithNews);
    CHECK(one.of_referral(one.sender) == "DELIVERED 2 " + text(one.delivered) + " -");
    one.say(E::accept);
    one.sees(one.sender, "ACCEPTED", 3);
    one.say(E::start);
    one.sees(one.sender, "IN_PROGRESS", 4);
    CHECK(one.events(one.sender).find("hold") != std::string::npos);
}

TEST_CASE("When she takes back her word for news the referrer reads no more than the delivery again") {
    Sent one(kNoNews);
    const ConsentId news = one.world.agree(one.woman, one.recipient, kNewsAlone);
    one.say(E::accept);
    one.sees(one.sender, "ACCEPTED", 3);
    (void)one.world.must_send(one.sender, one.world.revocation(one.sender, one.woman, news));
    one.sees_delivery_alone();
    one.say(E::start);
    one.sees_delivery_alone();
    one.sees(one.recipient, "IN_PROGRESS", 4);
}

TEST_CASE("Her word for news counts on its last day and not on the day after") {
    tests::Terms until = kNewsAlone;
    until.lasting = std::chrono::days{3};
    Sent one(kNoNews);
    (void)one.world.agree(one.woman, one.recipient, until);
    const Instant over = start_of(one.world.today() + std::chrono::days{4});
    one.say(E::accept);
    one.world.set_clock(over - 1ms);
    CHECK(word(one.view(one.sender), "state") == "ACCEPTED");
    one.world.set_clock(over);
    one.sees_delivery_alone();
}

TEST_CASE("A suspended referrer reads no more than the delivery") {
    Sent one(kWithNews);
    one.say(E::accept);
    one.sees(one.sender, "ACCEPTED", 3);
    one.world.set_status(one.sender, OrganisationStatus::suspended);
    one.sees_delivery_alone();
    one.world.set_status(one.sender, OrganisationStatus::active);
    one.sees(one.sender, "ACCEPTED", 3);
}

TEST_CASE("While its recipient is suspended the referrer reads no more than the delivery") {
    Sent one(kWithNews);
    one.say(E::accept);
    one.world.set_status(one.recipient, OrganisationStatus::suspended);
    one.sees_delivery_alone();
}

TEST_CASE("An answer before the receipt is read as the delivery of that day and the receipt moves nothing") {
    Sent one(kNoNews, false);
    CHECK(word(one.view(one.sender), "state") == "REQUESTED");
    one.say(E::accept);
    one.delivered = one.world.today();
    one.sees_delivery_alone();
    one.world.pass(48h);
    REQUIRE(one.world.acknowledge(one.recipient, one.submission, AckOutcome::taken).receipt);
    CHECK(one.world.count("delivery WHERE parcel = 'submission' AND state = 'taken'") == 1);
    one.sees_delivery_alone();
}

TEST_CASE("What was sent on a statute is read back as it stands until she says no") {
    Sent one(std::nullopt);
    one.say(E::accept);
    one.sees(one.sender, "ACCEPTED", 3);
    tests::Terms no = kNoNews;
    no.state = codec::GivenState::rejected;
    (void)one.world.agree(one.woman, one.recipient, no);
    one.sees_delivery_alone();
    one.sees(one.recipient, "ACCEPTED", 3);
}

TEST_CASE("The last day of her consent is read while it holds and not on the day after") {
    tests::Terms agreed = kWithNews;
    agreed.lasting = std::chrono::days{10};
    Sent one(agreed);
    const Day last = one.delivered + std::chrono::days{8};
    const Instant over = start_of(last + std::chrono::days{1});
    one.world.set_clock(over - 1ms);
    CHECK(one.consent_until(one.sender) == text(last));
    CHECK(one.consent_until(one.recipient) == text(last));
    one.world.set_clock(over);
    CHECK(one.consent_until(one.sender) == "-");
    CHECK(one.consent_until(one.recipient) == "-");
}

TEST_CASE("Of a consent that she took back and of a statute no last day is read") {
    Sent one(kWithNews);
    CHECK(one.consent_until(one.sender) != "-");
    (void)one.world.must_send(one.sender, one.world.revocation(one.sender, one.woman, one.referred.consent));
    CHECK(one.consent_until(one.sender) == "-");
    CHECK(one.consent_until(one.recipient) == "-");
    Sent on_statute(std::nullopt);
    CHECK(on_statute.consent_until(on_statute.sender) == "-");
}
