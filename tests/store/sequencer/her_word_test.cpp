// Whose word about her the hub takes, and that her own no holds whatever a sender relies on.
#include <catch2/catch.hpp>

#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using codec::GivenState;
using tests::Message;
using tests::Referred;
using tests::World;
using S = ReferralState;

namespace {

std::string word(const sequencer::Answer& answer) {
    return answer.code ? std::string(text(*answer.code)) : std::string("accepted");
}

// The department referred her to the health service, which took it and so has a name for her too.
struct KnownToTwo {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);
    Referred referred = world.refer(woman, world.health, consent);
    Pseudonym known_to_health = take();

    Pseudonym take() {
        const auto batch = world.poll(world.health);
        REQUIRE(batch.size() == 1);
        REQUIRE(world.acknowledge(world.health, batch.front(), AckOutcome::taken).receipt);
        return batch.front().pseudonym;
    }
    // Health writes down what she is to have said about two bodies.
    std::string recorded_by_health(const tests::Body& discloser, const tests::Body& recipient,
                                   tests::Terms terms = {}) {
        terms.discloser = discloser.id();
        return word(world.send(world.health, world.consent(world.health, known_to_health, recipient,
                                                           keys::new_id<ConsentId>(), terms)));
    }
};

}  // namespace

TEST_CASE("A body that was sent one referral records neither her yes nor her no between two others") {
    KnownToTwo one;
    const auto before = one.world.count("consent");
    const GivenState said = GENERATE(GivenState::active, GivenState::rejected);
    CHECK(one.recorded_by_health(one.world.department, one.world.nii, {.state = said}) == "consent_recorder");
    CHECK(one.recorded_by_health(one.world.housing, one.world.nii, {.state = said}) == "consent_recorder");
    CHECK(one.world.count("consent") == before);
    CHECK(one.recorded_by_health(one.world.health, one.world.nii, {.state = said}) == "accepted");
    CHECK(one.world.count("consent") == before + 1);
}

TEST_CASE("The body that opened her case records what she agreed to between two others") {
    KnownToTwo one;
    tests::Terms terms{.discloser = one.world.health.id()};
    const auto sent =
        one.world.consent(one.world.department, one.woman, one.world.nii, keys::new_id<ConsentId>(), terms);
    CHECK(word(one.world.send(one.world.department, sent)) == "accepted");
}

TEST_CASE("Whether she withdrew and which form she signed is not to be found out by trying to record") {
    KnownToTwo one;
    const Digest form = statement::sha256("one signed sheet");
    const auto of_nii = one.world.agree(one.woman, one.world.nii, {.form = form});
    const auto asked = [&] {
        return one.recorded_by_health(one.world.department, one.world.nii, {.form = form});
    };
    CHECK(asked() == "consent_recorder");
    (void)one.world.must_send(one.world.department,
                              one.world.revocation(one.world.department, one.woman, of_nii));
    CHECK(asked() == "consent_recorder");
    // The department, which heard her, is told.
    const auto anew =
        one.world.consent(one.world.department, one.woman, one.world.nii, keys::new_id<ConsentId>());
    CHECK(word(one.world.send(one.world.department, anew)) == "consent_revoked");
}

namespace {

// Besides the health service the insurance institute has a name for her, under a consent of its own.
struct KnownToThree : KnownToTwo {
    ConsentId consent_of_nii = world.agree(woman, world.nii,
                                           {.purposes = {Purpose::benefit_claim, Purpose::status_feedback},
                                            .groups = {DataGroup::identity},
                                            .services = {Service::ben_child}});
    Referred referred_to_nii = world.refer(woman, world.nii, consent_of_nii, Service::ben_child);
    Pseudonym known_to_nii = taken_by_nii();

    Pseudonym taken_by_nii() {
        const auto batch = world.poll(world.nii);
        REQUIRE(batch.size() == 1);
        REQUIRE(world.acknowledge(world.nii, batch.front(), AckOutcome::taken).receipt);
        return batch.front().pseudonym;
    }
    std::string withdrawn_by(const tests::Body& body, const Pseudonym& name, const ConsentId& named) {
        return word(world.send(body, world.revocation(body, name, named)));
    }
    std::size_t withdrawn() {
        return static_cast<std::size_t>(world.count("consent WHERE state = 'revoked'"));
    }
};

}  // namespace

TEST_CASE("Any body that she speaks to takes back for her a consent that is in force") {
    KnownToThree one;
    CHECK(one.withdrawn_by(one.world.health, one.known_to_health, one.consent_of_nii) == "accepted");
    CHECK(one.withdrawn() == 1);
    CHECK(one.world.standing(one.referred_to_nii.id).state == S::withdrawn);
}

TEST_CASE("A consent that was withdrawn before is to a body with another name of her as one of nobody's") {
    KnownToThree one;
    (void)one.world.must_send(one.world.department,
                              one.world.revocation(one.world.department, one.woman, one.consent_of_nii));
    // A consent of a woman that the health service never heard of, withdrawn as well.
    const auto other = one.world.open_case(one.world.department);
    const auto of_other = one.world.agree(other, one.world.nii);
    (void)one.world.must_send(one.world.department,
                              one.world.revocation(one.world.department, other, of_other));
    const auto named = one.withdrawn_by(one.world.health, one.known_to_health, one.consent_of_nii);
    CHECK(named == "not_found");
    CHECK(named == one.withdrawn_by(one.world.health, one.known_to_health, of_other));
    CHECK(named == one.withdrawn_by(one.world.health, one.known_to_health, keys::new_id<ConsentId>()));
}

TEST_CASE("Who opened the case and who was sent a referral under a consent may say again that it is over") {
    KnownToThree one;
    (void)one.world.must_send(one.world.department,
                              one.world.revocation(one.world.department, one.woman, one.consent_of_nii));
    CHECK(one.withdrawn_by(one.world.department, one.woman, one.consent_of_nii) == "accepted");
    CHECK(one.withdrawn_by(one.world.nii, one.known_to_nii, one.consent_of_nii) == "accepted");
    CHECK(one.withdrawn() == 1);
}

TEST_CASE("By its name for one referral a body is not told that a withdrawn consent is of its other one") {
    KnownToTwo one;
    const auto second = one.world.agree(one.woman, one.world.health, {.purposes = {Purpose::referral}});
    auto sent = one.world.referral(one.world.department, one.woman, one.world.health,
                                   {keys::new_id<ReferralId>(), second});
    sent.says.purpose = Purpose::referral;
    (void)one.world.must_send(one.world.department, sent);
    const Pseudonym second_name = one.take();
    REQUIRE(second_name.reveal() != one.known_to_health.reveal());
    (void)one.world.must_send(one.world.department,
                              one.world.revocation(one.world.department, one.woman, second));
    const auto withdraw = [&](const Pseudonym& name) {
        return word(one.world.send(one.world.health, one.world.revocation(one.world.health, name, second)));
    };
    CHECK(withdraw(one.known_to_health) == "not_found");
    CHECK(withdraw(second_name) == "accepted");
}

namespace {

// The department refers her to the health service by statute; of a consent it says nothing.
struct ByStatute {
    World world;
    Pseudonym woman = world.open_case(world.department);
    Referred referred{keys::new_id<ReferralId>(), keys::new_id<ConsentId>()};

    Message referral() {
        Message sent = world.referral(world.department, woman, world.health, referred);
        sent.says.consent.reset();
        sent.says.basis = LegalBasis::between_public_bodies_within_powers;
        return sent;
    }
    std::string submit() { return word(world.send(world.department, referral())); }
    void she_says(const tests::Terms& terms) { (void)world.agree(woman, world.health, terms); }
    void withdraw(const ConsentId& consent) {
        (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
    }
    S state() { return world.standing(referred.id).state; }
    std::vector<codec::Delivery> to_health() { return world.poll(world.health); }
    // The code of the last parcel that was dropped.
    std::string dropped() {
        std::string code = "none";
        for (const tests::Leaf& leaf : world.leaves()) {
            const auto& record = leaf.record;
            const bool denied =
                record.event == log::RecordEvent::released && record.decision == log::Decision::deny;
            if (denied && record.code) code = text(*record.code);
        }
        return code;
    }
};

const codec::HarmVeto kHarm{OfficerId::parse("worker-1").value(), codec::HarmTo::subject};

}  // namespace

TEST_CASE("A referral by statute passes where she was never asked and where she agreed") {
    ByStatute one;
    if (GENERATE(false, true)) one.she_says({});
    CHECK(one.submit() == "accepted");
    CHECK(one.to_health().size() == 1);
}

TEST_CASE("A referral by statute is refused where she said no or a worker was convinced of harm") {
    ByStatute one;
    SECTION("she said no") { one.she_says({.state = GivenState::rejected}); }
    SECTION("a worker was convinced of harm") { one.she_says({.harm_veto = kHarm}); }
    CHECK(one.submit() == "consent_missing");
    CHECK(one.to_health().empty());
}

TEST_CASE(
    "A referral by statute is refused after she took back what she had agreed to with that body alone") {
    ByStatute one;
    const bool of_health = GENERATE(true, false);
    one.withdraw(one.world.agree(one.woman, of_health ? one.world.health : one.world.nii));
    CHECK(one.submit() == (of_health ? "consent_revoked" : "accepted"));
    CHECK(one.to_health().size() == (of_health ? 0 : 1));
}

namespace {
const tests::Terms kAnotherPurpose{.purposes = {Purpose::referral}};
}

TEST_CASE(
    "A referral by statute for a purpose that nobody asked her about is refused for her no to another") {
    ByStatute one;
    SECTION("she agreed to another") {
        one.she_says(kAnotherPurpose);
        CHECK(one.submit() == "accepted");
        CHECK(one.to_health().size() == 1);
    }
    SECTION("she refused another") {
        tests::Terms refused = kAnotherPurpose;
        refused.state = GivenState::rejected;
        one.she_says(refused);
        CHECK(one.submit() == "consent_missing");
        CHECK(one.to_health().empty());
    }
    SECTION("she took another back") {
        one.withdraw(one.world.agree(one.woman, one.world.health, kAnotherPurpose));
        CHECK(one.submit() == "consent_revoked");
        CHECK(one.to_health().empty());
    }
}

TEST_CASE("What waits by statute for a purpose that nobody asked her about goes with her no to another") {
    ByStatute one;
    SECTION("she takes back what she agreed to") {
        const auto consent = one.world.agree(one.woman, one.world.health, kAnotherPurpose);
        REQUIRE(one.submit() == "accepted");
        one.withdraw(consent);
        CHECK(one.state() == S::withdrawn);
        CHECK(one.to_health().empty());
    }
    SECTION("she refuses what she is asked for") {
        REQUIRE(one.submit() == "accepted");
        tests::Terms refused = kAnotherPurpose;
        refused.state = GivenState::rejected;
        one.she_says(refused);
        CHECK(one.to_health().empty());
        CHECK(one.dropped() == "consent_missing");
    }
}

TEST_CASE("What waits by statute never leaves once she withdraws and is withdrawn with her word") {
    ByStatute one;
    const auto consent = one.world.agree(one.woman, one.world.health);
    REQUIRE(one.submit() == "accepted");
    one.withdraw(consent);
    CHECK(one.state() == S::withdrawn);
    CHECK(one.to_health().empty());
    CHECK(one.world.count("delivery WHERE revocation") == 0);
}

TEST_CASE("What waits by statute when she withdraws is wiped at once though its recipient never asks") {
    ByStatute one;
    const auto consent = one.world.agree(one.woman, one.world.health);
    REQUIRE(one.submit() == "accepted");
    // Beyond the slots that are looked at first as well.
    const auto more = GENERATE(std::size_t{0}, std::size_t{5});
    for (std::size_t i = 0; i < more; ++i) {
        one.referred.id = keys::new_id<ReferralId>();
        REQUIRE(one.submit() == "accepted");
    }
    const std::string content =
        "payload p JOIN delivery d ON d.sender = p.sender AND d.message = p.id WHERE d.parcel = 'submission'";
    REQUIRE(one.world.count(content) == static_cast<std::int64_t>(1 + more));
    one.withdraw(consent);
    CHECK(one.world.count("referral WHERE state = 'WITHDRAWN'") == static_cast<std::int64_t>(1 + more));
    CHECK(one.world.count("delivery WHERE parcel = 'submission' AND state <> 'dropped'") == 0);
    CHECK(one.world.count(content) == 0);
    CHECK_NOTHROW(one.world.restart());
}

TEST_CASE("What waits by statute is dropped at its release when she said no in between") {
    ByStatute one;
    REQUIRE(one.submit() == "accepted");
    SECTION("she said no") { one.she_says({.state = GivenState::rejected}); }
    SECTION("a worker was convinced of harm") { one.she_says({.harm_veto = kHarm}); }
    CHECK(one.to_health().empty());
    CHECK(one.dropped() == "consent_missing");
    CHECK(one.state() == S::expired);
}

TEST_CASE("What was handed over by statute stays with its recipient and what it tells goes nowhere") {
    ByStatute one;
    const auto consent = one.world.agree(one.woman, one.world.health);
    REQUIRE(one.submit() == "accepted");
    const auto batch = one.to_health();
    REQUIRE(batch.size() == 1);
    REQUIRE(one.world.acknowledge(one.world.health, batch.front(), AckOutcome::taken).receipt);
    const bool withdrawn = GENERATE(true, false);
    if (withdrawn) one.withdraw(consent);
    CHECK(one.state() == S::delivered);
    Message update = one.world.event(one.world.health, batch.front().pseudonym, one.world.department,
                                     one.referred, ReferralEvent::accept);
    update.says.basis = LegalBasis::between_public_bodies_within_powers;
    REQUIRE(word(one.world.send(one.world.health, update)) == "accepted");
    // A referral's next word comes when the one before it is taken.
    for (int polls = 0; polls < 3; ++polls) {
        for (const auto& delivery : one.world.poll(one.world.department)) {
            (void)one.world.acknowledge(one.world.department, delivery, AckOutcome::taken);
        }
    }
    const auto left =
        one.world.count("delivery WHERE recipient = 'ssd-5000' AND sender = 'health' AND state <> 'dropped'");
    CHECK(left == (withdrawn ? 0 : 1));
    CHECK(one.dropped() == (withdrawn ? "consent_revoked" : "none"));
}
