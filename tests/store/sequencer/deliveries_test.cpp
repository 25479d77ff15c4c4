// A referral's way to its recipient and back, and how a withdrawal ends it at any point of the way.
#include <catch2/catch.hpp>

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "schemas/codec/records.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Message;
using tests::Referred;
using tests::Standing;
using tests::World;
using E = ReferralEvent;
using S = ReferralState;

namespace {

const tests::Terms kBothGroups{.groups = {DataGroup::health, DataGroup::debt}};

// A woman, her consent to the health service, and her referral, submitted and not yet fetched.
struct Submitted {
    World world;
    tests::Terms terms{};
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent;
    Referred referred;

    explicit Submitted(tests::Terms agreed = {})
        : terms(std::move(agreed)),
          consent(world.agree(woman, world.health, terms)),
          referred(world.refer(woman, world.health, consent)) {}

    codec::Delivery fetch() {
        auto batch = world.poll(world.health);
        REQUIRE(batch.size() == 1);
        return batch.front();
    }
    // Fetched and confirmed by the native system.
    codec::Delivery deliver() {
        const auto delivery = fetch();
        const auto answer = world.acknowledge(world.health, delivery, AckOutcome::taken);
        REQUIRE(answer.receipt);
        return delivery;
    }
    sequencer::Answer say(const codec::Delivery& to_recipient, E event) {
        return world.send(world.health, world.event(world.health, to_recipient.pseudonym, world.department,
                                                    referred, event));
    }
    // The same with what its sealed part is said to hold.
    sequencer::Answer say(const codec::Delivery& to_recipient, E event, std::vector<DataGroup> groups) {
        Message update = world.event(world.health, to_recipient.pseudonym, world.department, referred, event);
        update.says.groups = std::move(groups);
        return world.send(world.health, update);
    }
    sequencer::Answer revoke() {
        return world.must_send(world.department, world.revocation(world.department, woman, consent));
    }
    Standing standing() { return world.standing(referred.id); }
};

std::string word(const sequencer::Answer& answer) {
    return answer.code ? std::string(text(*answer.code)) : std::string("accepted");
}

log::Record record_of(const codec::Delivery& delivery) {
    return log::parse_record(log::split_leaf(delivery.leaf).value().record).value();
}

bool proven(const World& world, const codec::Delivery& delivery) {
    const auto receipt = log::parse_receipt(delivery.receipt);
    return receipt && log::verify_receipt(delivery.leaf, *receipt, world.log_key());
}

E event_in(const codec::Delivery& delivery) {
    return codec::decode<codec::ReferralEventPayload>(delivery.payload).value().event;
}

// What the referring body finds in its inbox, taking each at once, until nothing comes any more.
std::vector<E> told(World& world, const tests::Body& body) {
    std::vector<E> events;
    for (int empty = 0; empty < 2;) {
        const auto batch = world.poll(body);
        empty = batch.empty() ? empty + 1 : 0;
        for (const auto& delivery : batch) {
            events.push_back(event_in(delivery));
            (void)world.acknowledge(body, delivery, AckOutcome::taken);
        }
    }
    return events;
}

// Leaf indexes of all that left for this body.
std::vector<LeafIndex> releases_to(World& world, const tests::Body& body) {
    std::vector<LeafIndex> releases;
    for (const tests::Leaf& leaf : world.leaves()) {
        const bool left = leaf.record.event == log::RecordEvent::released &&
                          leaf.record.decision == log::Decision::permit && leaf.record.recipient == body.id();
        if (left) releases.push_back(leaf.index);
    }
    return releases;
}

// The code of the last parcel that was dropped with a leaf of its own.
std::string dropped(World& world) {
    std::string code = "none";
    for (const tests::Leaf& leaf : world.leaves()) {
        const bool denied = leaf.record.event == log::RecordEvent::released &&
                            leaf.record.decision == log::Decision::deny && leaf.record.code;
        if (denied) code = text(*leaf.record.code);
    }
    return code;
}

}  // namespace

TEST_CASE("A delivery carries its own release: leaf and receipt name delivery and statement and attempt") {
    Submitted one;
    const auto delivery = one.fetch();
    CHECK(proven(one.world, delivery));
    const log::Record record = record_of(delivery);
    CHECK(record.event == log::RecordEvent::released);
    CHECK(record.recipient == one.world.health.id());
    CHECK(record.statement == statement::sha256(delivery.statement));
    CHECK(std::get<log::Word>(*record.facts.find("delivery")).text() == delivery.delivery.text());
    CHECK(std::get<std::int64_t>(*record.facts.find("attempt")) == 1);
    CHECK(delivery.attempt == 1);
    CHECK(delivery.version == 1);
    CHECK(delivery.not_after == one.world.now() + limits::kReleaseValidity);
}

TEST_CASE("The recipient gets a name for her that is not the sender's") {
    Submitted one;
    const auto delivery = one.fetch();
    CHECK_FALSE(delivery.pseudonym == one.woman);
    CHECK(delivery.statement.find(one.woman.reveal()) == std::string::npos);
}

TEST_CASE("A referral goes from submission to completion and its version counts each step") {
    Submitted one;
    CHECK(one.standing() == Standing{S::requested, 1, false});
    const auto delivery = one.deliver();
    CHECK(one.standing() == Standing{S::delivered, 2, false});
    CHECK(word(one.say(delivery, E::accept)) == "accepted");
    CHECK(one.standing() == Standing{S::accepted, 3, false});
    CHECK(word(one.say(delivery, E::schedule)) == "accepted");
    CHECK(one.standing() == Standing{S::scheduled, 4, false});
    CHECK(word(one.say(delivery, E::start)) == "accepted");
    CHECK(one.standing() == Standing{S::in_progress, 5, false});
    CHECK(word(one.say(delivery, E::complete)) == "accepted");
    CHECK(one.standing() == Standing{S::completed, 6, false});
    CHECK(told(one.world, one.world.department) ==
          std::vector{E::deliver, E::accept, E::schedule, E::start, E::complete});
    CHECK(word(one.say(delivery, E::start)) == "event_not_allowed");
}

TEST_CASE("An answer before the technical receipt delivers the referral first") {
    Submitted one;
    const auto delivery = one.fetch();
    CHECK(word(one.say(delivery, E::accept)) == "accepted");
    CHECK(one.standing() == Standing{S::accepted, 3, false});
}

TEST_CASE("A decline before the technical receipt has its reason and the receipt that it implies has none") {
    Submitted one;
    const auto submission = one.fetch();
    REQUIRE(word(one.say(submission, E::decline)) == "accepted");
    std::vector<std::string> heard;
    for (int empty = 0; empty < 2;) {
        const auto batch = one.world.poll(one.world.department);
        empty = batch.empty() ? empty + 1 : 0;
        for (const auto& delivery : batch) {
            const auto event = codec::decode<codec::ReferralEventPayload>(delivery.payload).value();
            heard.push_back(std::string(kReferralEvents.text(event.event)) + " " +
                            std::string(event.reason ? kReasons.text(*event.reason) : "-"));
            (void)one.world.acknowledge(one.world.department, delivery, AckOutcome::taken);
        }
    }
    std::sort(heard.begin(), heard.end());
    CHECK(heard == std::vector<std::string>{"decline no-capacity", "deliver -"});
}

TEST_CASE("An event on another version than the one that stands is version_conflict") {
    Submitted one;
    const auto delivery = one.deliver();
    Message message =
        one.world.event(one.world.health, delivery.pseudonym, one.world.department, one.referred, E::accept);
    message.says.expected_version = 1;
    CHECK(word(one.world.send(one.world.health, message)) == "version_conflict");
    message.says.id = keys::new_id<MessageId>();
    World::name_actor(message, "w-17", OfficerRole::caseworker);
    message.says.expected_version = 2;
    CHECK(word(one.world.send(one.world.health, message)) == "accepted");
}

TEST_CASE("A body that is no party is told that there is no such referral") {
    Submitted one;
    const auto of_nii = one.world.open_case(one.world.nii);
    CHECK(word(one.world.send(one.world.nii, one.world.event(one.world.nii, of_nii, one.world.department,
                                                             one.referred, E::accept))) == "not_found");
}

TEST_CASE("Without her word for feedback the sender learns the delivery and the end and nothing between") {
    Submitted one({.purposes = {Purpose::treatment}, .direction = Direction::out});
    const auto delivery = one.deliver();
    CHECK(word(one.say(delivery, E::accept)) == "accepted");
    CHECK(word(one.say(delivery, E::start)) == "accepted");
    CHECK(told(one.world, one.world.department) == std::vector{E::deliver});
    CHECK(one.standing() == Standing{S::in_progress, 4, true});
    CHECK(word(one.say(delivery, E::complete)) == "accepted");
    CHECK(told(one.world, one.world.department) == std::vector{E::complete});
    CHECK(one.standing() == Standing{S::completed, 5, true});
    for (const tests::Leaf& leaf : one.world.leaves()) {
        const bool left = leaf.record.event == log::RecordEvent::released &&
                          leaf.record.decision == log::Decision::permit &&
                          leaf.record.recipient == one.world.department.id();
        if (left) CHECK(leaf.record.org == OrganisationId::hub());
    }
}

TEST_CASE("A withdrawal while it waits: it never leaves and the sender is told") {
    Submitted one;
    (void)one.revoke();
    CHECK(one.standing() == Standing{S::withdrawn, 2, false});
    CHECK(one.world.poll(one.world.health).empty());
    CHECK(told(one.world, one.world.department) == std::vector{E::withdraw});
    CHECK(releases_to(one.world, one.world.health).empty());
    one.world.pass(73h);
    CHECK(one.world.poll(one.world.health).empty());
    CHECK(
        one.world.count("payload p JOIN message m USING (sender, id) WHERE m.sender = 'ssd-5000' AND p.id IN "
                        "(SELECT message FROM delivery WHERE type = 'referral.submitted.v1')") == 0);
}

// Every send is decided anew on her consents as they stand then (the release table of contract.md 3).
TEST_CASE("What was accepted under a consent leaves until its last day has passed and not after") {
    Submitted one({.lasting = std::chrono::days{1}});
    const Instant over = start_of(one.world.today() + std::chrono::days{2});
    SECTION("in the last millisecond of its last day it leaves") {
        one.world.set_clock(over - 1ms);
        CHECK(one.world.poll(one.world.health).size() == 1);
        CHECK(dropped(one.world) == "none");
        CHECK(one.standing() == Standing{S::requested, 1, false});
    }
    SECTION("with the day after it is dropped and expires and the sender is told") {
        one.world.set_clock(over);
        CHECK(one.world.poll(one.world.health).empty());
        CHECK(dropped(one.world) == "consent_lapsed");
        CHECK(one.standing() == Standing{S::expired, 2, false});
        CHECK(told(one.world, one.world.department) == std::vector{E::expire});
        CHECK(releases_to(one.world, one.world.health).empty());
    }
    SECTION("what was sent on the last day and not acknowledged is not sent again on the day after") {
        one.world.set_clock(over - 1ms);
        REQUIRE(one.fetch().attempt == 1);
        one.world.set_clock(over - 1ms + limits::kLease);
        for (const auto& delivery : one.world.poll(one.world.health)) {
            CHECK(record_of(delivery).org == OrganisationId::hub());  // its word that it is over, and no more
        }
        CHECK(dropped(one.world) == "consent_lapsed");
        CHECK(one.standing().state == S::expired);
        CHECK(one.world.count("delivery WHERE parcel = 'submission' AND attempt > 1") == 0);
    }
}

TEST_CASE("What was accepted leaves only under the consent that decides when it is released") {
    // A referral with health data for trauma care is submitted; then she is asked again.
    Submitted one(kBothGroups);
    tests::Terms anew = kBothGroups;
    std::string against = "none";
    SECTION("she agrees to the same again") {}
    SECTION("she leaves out a group that the referral does not carry") { anew.groups = {DataGroup::health}; }
    SECTION("she leaves out the group that it carries") {
        anew.groups = {DataGroup::debt};
        against = "consent_groups";
    }
    SECTION("she agrees to another service") {
        anew.services = {Service::hlt_ment};
        against = "consent_groups";
    }
    SECTION("she agrees only to what comes back") {
        anew.direction = Direction::back;
        against = "consent_groups";
    }
    SECTION("she says no") {
        anew.state = codec::GivenState::rejected;
        against = "consent_missing";
    }
    SECTION("her worker is convinced of harm") {
        anew.harm_veto = codec::HarmVeto{OfficerId::parse("worker-1").value(), codec::HarmTo::subject};
        against = "consent_missing";
    }
    (void)one.world.agree(one.woman, one.world.health, anew);
    const bool leaves = against == "none";
    CHECK(one.world.poll(one.world.health).size() == (leaves ? 1 : 0));
    CHECK(dropped(one.world) == against);
    CHECK(one.standing().state == (leaves ? S::requested : S::expired));
    CHECK(told(one.world, one.world.department) == (leaves ? std::vector<E>{} : std::vector{E::expire}));
    CHECK(releases_to(one.world, one.world.health).size() == (leaves ? 1 : 0));
}

TEST_CASE("A withdrawal after the release heads the recipient's inbox and nothing is released afterwards") {
    Submitted one;
    const auto other = one.world.refer(one.woman, one.world.health, one.consent);
    auto batch = one.world.poll(one.world.health, 1);
    REQUIRE(batch.size() == 1);
    const auto revoked = one.revoke();
    CHECK(one.standing().state == S::withdrawn);
    CHECK(one.world.standing(other.id).state == S::withdrawn);

    const auto notices = one.world.poll(one.world.health);
    REQUIRE_FALSE(notices.empty());
    CHECK(codec::decode<codec::ConsentRevoked>(notices.front().payload).has_value());
    CHECK(proven(one.world, notices.front()));
    CHECK(record_of(notices.front()).org == OrganisationId::hub());

    one.world.pass(61s);  // the lease of what was out has ended
    for (int again = 0; again < 3; ++again) {
        for (const auto& delivery : one.world.poll(one.world.health)) {
            CHECK(record_of(delivery).org == OrganisationId::hub());
            (void)one.world.acknowledge(one.world.health, delivery, AckOutcome::taken);
        }
        one.world.pass(61s);
    }
    for (const tests::Leaf& leaf : one.world.leaves()) {
        const bool of_the_sender = leaf.record.event == log::RecordEvent::released &&
                                   leaf.record.decision == log::Decision::permit &&
                                   leaf.record.org == one.world.department.id();
        if (of_the_sender) CHECK(leaf.index < revoked.receipt->index);
    }
    CHECK(releases_to(one.world, one.world.health).front() < revoked.receipt->index);
}

TEST_CASE("A consent renewed and then withdrawn: who got bytes under the first is told of the first") {
    Submitted one;
    (void)one.deliver();
    const ConsentId first = one.consent;
    one.consent = one.world.agree(one.woman, one.world.health);
    const auto revoked = one.revoke();
    CHECK(one.standing().state == S::withdrawn);
    const auto batch = one.world.poll(one.world.health);
    REQUIRE(batch.size() == 2);
    CHECK(codec::decode<codec::ConsentRevoked>(batch.front().payload).has_value());
    CHECK(record_of(batch.front()).consent == first);
    CHECK(revoked.receipt->index < log::parse_receipt(batch.front().receipt)->index);
    CHECK(event_in(batch.back()) == E::withdraw);
    CHECK(one.world.count("consent WHERE state = 'revoked'") == 2);
}

TEST_CASE(
    "A consent renewed and then withdrawn: what waited under the first never leaves and nobody is told") {
    Submitted one;
    one.consent = one.world.agree(one.woman, one.world.health);
    (void)one.revoke();
    CHECK(one.standing().state == S::withdrawn);
    CHECK(one.world.poll(one.world.health).empty());
    CHECK(one.world.count("delivery WHERE revocation") == 0);
    CHECK(releases_to(one.world, one.world.health).empty());
}

TEST_CASE("A superseded consent withdrawn by its own number ends the one that replaced it") {
    Submitted one;
    (void)one.deliver();
    const ConsentId renewed = one.world.agree(one.woman, one.world.health);
    const auto waiting = one.world.refer(one.woman, one.world.health, renewed);
    (void)one.revoke();
    CHECK(one.world.standing(waiting.id).state == S::withdrawn);
    CHECK(one.world.count("delivery WHERE revocation") == 1);
    const auto again = one.world.send(one.world.department,
                                      one.world.referral(one.world.department, one.woman, one.world.health,
                                                         {keys::new_id<ReferralId>(), renewed}));
    CHECK(word(again) == "consent_revoked");
}

TEST_CASE("The consent before a renewal without the feedback withdrawn: what waits under the renewal stays") {
    Submitted one;
    (void)one.deliver();
    const ConsentId renewed =
        one.world.agree(one.woman, one.world.health, {.purposes = {Purpose::treatment}});
    const auto waiting = one.world.refer(one.woman, one.world.health, renewed);
    (void)one.revoke();
    CHECK(one.world.standing(waiting.id).state == S::withdrawn);
    CHECK(one.world.count("consent WHERE state = 'revoked'") == 2);
    REQUIRE_FALSE(one.world.poll(one.world.health).empty());
    CHECK(one.world.count("delivery WHERE parcel = 'submission' AND release_idx IS NOT NULL") == 1);
    CHECK_NOTHROW(one.world.restart());
}

TEST_CASE("A withdrawal leaves alone what she agreed to with another body") {
    Submitted one;
    (void)one.deliver();
    const tests::Terms of_nii{.purposes = {Purpose::benefit_claim},
                              .groups = {DataGroup::identity},
                              .services = {Service::ben_income}};
    const auto with_nii = one.world.agree(one.woman, one.world.nii, of_nii);
    const auto claim = one.world.refer(one.woman, one.world.nii, with_nii, Service::ben_income);
    REQUIRE(one.world.poll(one.world.nii).size() == 1);
    one.consent = one.world.agree(one.woman, one.world.health);
    (void)one.revoke();
    CHECK(one.world.standing(claim.id).state == S::requested);
    CHECK(one.world.count("delivery WHERE revocation AND recipient = 'nii'") == 0);
    CHECK(one.world.count("delivery WHERE revocation AND recipient = 'health'") == 1);
}

TEST_CASE("After a withdrawal the recipient may not go on and an own event is refused") {
    Submitted one;
    const auto delivery = one.deliver();
    (void)one.revoke();
    CHECK(word(one.say(delivery, E::accept)) == "event_not_allowed");
}

TEST_CASE("A second withdrawal of the same consent is taken and changes nothing") {
    Submitted one;
    (void)one.deliver();
    (void)one.revoke();
    const auto standing = one.standing();
    const auto waiting = one.world.count("delivery");
    (void)one.revoke();
    CHECK(one.standing() == standing);
    CHECK(one.world.count("delivery") == waiting);
}

TEST_CASE("What is not acknowledged comes again after sixty seconds as a second attempt with its own leaf") {
    Submitted one;
    const auto first = one.fetch();
    one.world.pass(60s - 1ms);
    CHECK(one.world.poll(one.world.health).empty());
    one.world.pass(1ms);
    const auto second = one.fetch();
    CHECK(second.delivery == first.delivery);
    CHECK(second.statement == first.statement);
    CHECK(second.payload == first.payload);
    CHECK(second.pseudonym == first.pseudonym);
    CHECK(second.attempt == 2);
    CHECK(second.leaf != first.leaf);
    CHECK(proven(one.world, second));
    CHECK(std::get<std::int64_t>(*record_of(second).facts.find("attempt")) == 2);
    CHECK(releases_to(one.world, one.world.health).size() == 2);
}

TEST_CASE("What is held is safe for seventy-two hours and then asked about again") {
    Submitted one;
    const auto first = one.fetch();
    REQUIRE(one.world.acknowledge(one.world.health, first, AckOutcome::held).receipt);
    CHECK(one.standing().state == S::requested);
    one.world.pass(72h - 1ms);
    CHECK(one.world.poll(one.world.health).empty());
    one.world.pass(1ms);
    CHECK(one.fetch().attempt == 2);
}

TEST_CASE("That it is held is said once a release and said again it holds nothing longer") {
    Submitted one;
    const auto delivery = one.fetch();
    const auto first = one.world.acknowledge(one.world.health, delivery, AckOutcome::held);
    REQUIRE(first.leaf);
    const auto leaves = one.world.count("log_entry");
    one.world.pass(72h - 2ms);
    for (int n = 0; n < 3; ++n) {
        CHECK(one.world.acknowledge(one.world.health, delivery, AckOutcome::held).leaf == first.leaf);
    }
    CHECK(one.world.count("log_entry") == leaves);
    CHECK(one.world.poll(one.world.health).empty());
    one.world.pass(2ms);
    const auto again = one.fetch();
    REQUIRE(again.attempt == 2);
    SECTION("the earlier release's does not hold the later one") {
        CHECK(one.world.acknowledge(one.world.health, delivery, AckOutcome::held).leaf == first.leaf);
        one.world.pass(limits::kLease);
        CHECK(one.fetch().attempt == 3);
    }
    SECTION("the later release's has a leaf of its own") {
        const auto second = one.world.acknowledge(one.world.health, again, AckOutcome::held);
        CHECK(second.leaf > first.leaf);
        CHECK(one.world.acknowledge(one.world.health, delivery, AckOutcome::held).leaf == second.leaf);
        one.world.pass(72h - 1ms);
        CHECK(one.world.poll(one.world.health).empty());
    }
    SECTION("that it was taken is heard of either") {
        CHECK(one.world.acknowledge(one.world.health, delivery, AckOutcome::taken).leaf > first.leaf);
        CHECK(one.standing().state == S::delivered);
    }
    CHECK_NOTHROW(one.world.restart());
}

TEST_CASE("That a release was too late is said once of it and holding it once before") {
    Submitted one;
    const auto delivery = one.fetch();
    const auto say = [&](AckOutcome outcome, std::optional<Code> code = std::nullopt) {
        return one.world.acknowledge(one.world.health, delivery, outcome, code).leaf;
    };
    const auto held = say(AckOutcome::held);
    const auto late = say(AckOutcome::refused, Code::release_unproven);
    CHECK(late > held);
    const auto leaves = one.world.count("log_entry");
    for (int n = 0; n < 3; ++n) {
        CHECK(say(AckOutcome::held) == late);
        CHECK(say(AckOutcome::refused, Code::release_unproven) == late);
    }
    CHECK(one.world.count("log_entry") == leaves);
    CHECK(one.fetch().attempt == 2);
    CHECK(say(AckOutcome::refused, Code::release_unproven) == late);
    CHECK(one.world.poll(one.world.health).empty());  // it is out, and not put back
    CHECK_NOTHROW(one.world.restart());
}

namespace {

// What two calls of the recipient's say of one release, both read before either is decided.
struct SaidAtOnce {
    World& world;
    codec::Delivery delivery;

    using Said = std::shared_ptr<inbox::Acknowledge>;
    Said prepare(AckOutcome outcome, std::optional<Code> code = std::nullopt) {
        const auto keys = world.hub().registry()->find(world.health.id())->keys.value();
        statement::Ack ack{delivery.delivery, log::parse_receipt(delivery.receipt).value().index, outcome};
        ack.code = code;
        const std::string jws =
            world.health.sign(statement::Acks{std::string(World::kOrigin), {ack}}, world.now());
        auto acks = statement::verify_acks(jws, {World::kOrigin, keys, world.now()}).value();
        auto known = world.readers().with(
            [&](store::Connection& connection) { return inbox::acked_deliveries(connection, acks); });
        return std::make_shared<inbox::Acknowledge>(world.health.id(), world.health.tls_certificate(),
                                                    std::move(acks), std::move(known));
    }
    Said held() { return prepare(AckOutcome::held); }
    Said too_late() { return prepare(AckOutcome::refused, Code::release_unproven); }
    // How many leaves they have.
    std::int64_t decide(const std::array<Said, 2>& both) {
        const auto before = world.count("log_entry");
        for (const auto& each : both) REQUIRE_FALSE(world.hub().run(each).code);
        return world.count("log_entry") - before;
    }
};

LeafIndex leaf_of(const SaidAtOnce::Said& said) { return said->answers().at(0).leaf.value(); }

}  // namespace

TEST_CASE("Of two connections that say at once that it is held one has the leaf and both its receipt") {
    Submitted one;
    SaidAtOnce said{one.world, one.fetch()};
    const std::array both{said.held(), said.held()};
    CHECK(said.decide(both) == 1);
    CHECK(leaf_of(both[1]) == leaf_of(both[0]));
    CHECK(both[0]->answers().at(0).receipt);
}

TEST_CASE("Of two connections that say at once that it was too late one has the leaf and it goes out once") {
    Submitted one;
    SaidAtOnce said{one.world, one.fetch()};
    const std::array both{said.too_late(), said.too_late()};
    CHECK(said.decide(both) == 1);
    CHECK(leaf_of(both[1]) == leaf_of(both[0]));
    CHECK(one.fetch().attempt == 2);
    CHECK(one.world.poll(one.world.health).empty());
}

// The answer to the first was lost while its commit stalled: whoever said it says next that it was too late.
TEST_CASE("What is said to be too late before it is known to be held goes out again at once") {
    Submitted one;
    SaidAtOnce said{one.world, one.fetch()};
    const std::array both{said.held(), said.too_late()};
    CHECK(said.decide(both) == 2);
    CHECK(leaf_of(both[1]) > leaf_of(both[0]));
    CHECK(both[1]->answers().at(0).receipt);
    CHECK(one.fetch().attempt == 2);
    CHECK_NOTHROW(one.world.restart());
}

TEST_CASE("What is said to be held before it is known to have been too late stays released") {
    Submitted one;
    SaidAtOnce said{one.world, one.fetch()};
    const std::array both{said.too_late(), said.held()};
    CHECK(said.decide(both) == 1);
    CHECK(leaf_of(both[1]) == leaf_of(both[0]));
    CHECK(one.fetch().attempt == 2);
}

TEST_CASE("What ends a referral overtakes its submission that the recipient holds") {
    Submitted one;
    const auto first = one.fetch();
    REQUIRE(one.world.acknowledge(one.world.health, first, AckOutcome::held).receipt);
    const auto send = [&](E event, std::optional<Reason> reason = std::nullopt) {
        Message ending =
            one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::withdraw);
        ending.payload = codec::encode(
            codec::ReferralEventPayload{.event = event, .reason = reason, .occurred_on = one.world.today()});
        ending.says.digest = statement::sha256(ending.payload);
        ending.says.subject_acts = event == E::withdraw;
        (void)one.world.must_send(one.world.department, ending);
    };
    std::vector<E> expected;
    SECTION("her withdrawal by her worker") {
        send(E::withdraw);
        expected = {E::withdraw};
    }
    SECTION("the worker's cancellation") {
        send(E::cancel, Reason::no_longer_needed);
        expected = {E::cancel};
    }
    SECTION("what was entered by mistake") {
        send(E::mark_error, Reason::wrong_case);
        expected = {E::mark_error};
    }
    SECTION("the hub's own word after she withdrew her consent") {
        (void)one.revoke();
        expected = {E::withdraw};
    }
    std::vector<E> heard;
    for (const auto& delivery : one.world.poll(one.world.health)) {
        const auto event = codec::decode<codec::ReferralEventPayload>(delivery.payload);
        if (event) heard.push_back(event->event);
    }
    CHECK(heard == expected);
    // What was held is ended, whatever its recipient says of it now, and never comes again.
    (void)one.world.acknowledge(one.world.health, first, AckOutcome::refused, Code::event_not_allowed);
    one.world.pass(73h);
    for (const auto& delivery : one.world.poll(one.world.health)) CHECK(delivery.delivery != first.delivery);
    CHECK(is_terminal(one.standing().state));
}

TEST_CASE("A cancellation overtakes an update that the recipient holds and the update never comes again") {
    Submitted one(kBothGroups);
    const auto submission = one.deliver();
    REQUIRE(word(one.say(submission, E::accept)) == "accepted");
    Message hers =
        one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::schedule);
    hers.says.subject_acts = true;
    (void)one.world.must_send(one.world.department, hers);
    const auto update = one.fetch();
    REQUIRE(event_in(update) == E::schedule);
    const bool held = GENERATE(true, false);
    if (held) REQUIRE(one.world.acknowledge(one.world.health, update, AckOutcome::held).receipt);
    (void)one.world.must_send(
        one.world.department,
        one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::cancel));
    const auto next = one.world.poll(one.world.health);
    REQUIRE(next.size() == (held ? 1 : 0));  // what is out and not acknowledged holds it up a minute
    if (held) CHECK(event_in(next.front()) == E::cancel);
    one.world.pass(73h);
    CHECK(told(one.world, one.world.health) == std::vector{E::cancel});
    CHECK(one.world.count(
              "delivery WHERE parcel = 'update' AND recipient = 'health' AND state = 'dropped'") == 1);
    CHECK(dropped(one.world) == "event_not_allowed");
    CHECK_NOTHROW(one.world.restart());
}

TEST_CASE(
    "What ends a referral waits for a submission that is out and not acknowledged for a minute at most") {
    Submitted one;
    const auto first = one.fetch();
    (void)one.world.must_send(
        one.world.department,
        one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::withdraw));
    CHECK(one.world.poll(one.world.health).empty());
    one.world.pass(limits::kLease);
    CHECK(told(one.world, one.world.health) == std::vector{E::withdraw});
    CHECK(one.world.count("delivery WHERE parcel = 'submission' AND attempt > 1") == 0);
    CHECK(first.attempt == 1);
}

TEST_CASE("An update waits behind one that the referring body holds") {
    Submitted one;
    const auto submission = one.deliver();
    REQUIRE(word(one.say(submission, E::accept)) == "accepted");
    const auto held = one.world.poll(one.world.department);
    REQUIRE(held.size() == 1);
    REQUIRE(one.world.acknowledge(one.world.department, held.front(), AckOutcome::held).receipt);
    REQUIRE(word(one.say(submission, E::start)) == "accepted");
    CHECK(one.world.poll(one.world.department).empty());
    REQUIRE(one.world.acknowledge(one.world.department, held.front(), AckOutcome::taken).receipt);
    const auto next = one.world.poll(one.world.department);
    REQUIRE(next.size() == 1);  // what was held is the hub's own word that it was delivered
    CHECK(event_in(next.front()) == E::accept);
}

TEST_CASE("What was taken never comes again and the same acknowledgement gets the first receipt") {
    Submitted one;
    const auto delivery = one.fetch();
    const auto first = one.world.acknowledge(one.world.health, delivery, AckOutcome::taken);
    REQUIRE(first.receipt);
    const auto leaves = one.world.count("log_entry");
    const auto again = one.world.acknowledge(one.world.health, delivery, AckOutcome::taken);
    CHECK(again.leaf == first.leaf);
    CHECK(one.world.count("log_entry") == leaves);
    one.world.pass(100h);
    CHECK(one.world.poll(one.world.health).empty());
}

TEST_CASE("What became of bytes that were wiped while they were out has a leaf of its own and once") {
    Submitted one;
    auto delivery = one.fetch();
    const auto held = one.world.acknowledge(one.world.health, delivery, AckOutcome::held);
    REQUIRE(held.receipt);
    const bool out_again = GENERATE(false, true);
    if (out_again) {
        one.world.pass(72h);
        delivery = one.fetch();
        REQUIRE(delivery.attempt == 2);
    }
    (void)one.world.must_send(
        one.world.department,
        one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::mark_error));
    const auto say = [&](AckOutcome outcome, std::optional<Code> code = std::nullopt) {
        return one.world.acknowledge(one.world.health, delivery, outcome, code);
    };
    const auto leaves = one.world.count("log_entry");
    const auto still_held = say(AckOutcome::held);
    CHECK((still_held.leaf > held.leaf) == out_again);
    CHECK(say(AckOutcome::held).leaf == still_held.leaf);
    CHECK(one.world.count("log_entry") == leaves + (out_again ? 1 : 0));
    AckOutcome outcome = AckOutcome::taken;
    std::optional<Code> code;
    SECTION("taken") {}
    SECTION("refused") {
        outcome = AckOutcome::refused;
        code = Code::event_not_allowed;
    }
    const auto last = say(outcome, code);
    CHECK(last.leaf > still_held.leaf);
    CHECK(last.receipt);
    const auto record = one.world.leaves().back().record;
    CHECK(record.facts.find("outcome") != nullptr);
    CHECK(*record.facts.find("outcome") == log::FactValue{log::Word::of(kAckOutcomes.text(outcome))});
    const auto after = one.world.count("log_entry");
    CHECK(say(outcome, code).leaf == last.leaf);
    CHECK(say(AckOutcome::held).leaf == last.leaf);
    CHECK(say(AckOutcome::refused, Code::payload_invalid).leaf == last.leaf);
    CHECK(one.world.count("log_entry") == after);
    CHECK(one.standing().state == S::erroneous);
    CHECK_NOTHROW(one.world.restart());
}

TEST_CASE("Another body's acknowledgement of a delivery is not_found and changes nothing") {
    Submitted one;
    const auto delivery = one.fetch();
    const auto answer = one.world.acknowledge(one.world.nii, delivery, AckOutcome::taken);
    CHECK(answer.code == Code::not_found);
    CHECK_FALSE(answer.leaf);
    CHECK(one.standing() == Standing{S::requested, 1, false});
}

TEST_CASE("An acknowledgement that names another leaf than its release is not taken") {
    Submitted one;
    auto delivery = one.fetch();
    auto receipt = log::parse_receipt(delivery.receipt).value();
    receipt.index = LeafIndex{number(receipt.index) - 1};
    delivery.receipt = log::write(receipt);
    CHECK(one.world.acknowledge(one.world.health, delivery, AckOutcome::taken).code == Code::not_found);
    CHECK(one.standing() == Standing{S::requested, 1, false});
}

TEST_CASE("What the recipient cannot open waits for the sender to seal it anew") {
    Submitted one;
    const auto delivery = one.fetch();
    (void)one.world.acknowledge(one.world.health, delivery, AckOutcome::refused, Code::seal_unopenable);
    CHECK(one.standing() == Standing{S::requested, 1, false});
    (void)one.world.must_send(one.world.department, one.world.referral(one.world.department, one.woman,
                                                                       one.world.health, one.referred));
    CHECK(one.standing() == Standing{S::requested, 1, false});
    const auto sealed_anew = one.deliver();
    CHECK(sealed_anew.delivery != delivery.delivery);
    CHECK(one.standing().state == S::delivered);
}

TEST_CASE("A seal that does not open after she withdrew lets nothing be sealed anew") {
    Submitted one;
    const auto delivery = one.fetch();
    SECTION("by her worker") {
        (void)one.world.must_send(
            one.world.department,
            one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::withdraw));
    }
    SECTION("by her consent") {
        (void)one.revoke();
        one.world.pass(49h);  // she may be asked again
        one.referred.consent = one.world.agree(one.woman, one.world.health);
    }
    REQUIRE(one.standing().state == S::withdrawn);
    (void)one.world.acknowledge(one.world.health, delivery, AckOutcome::refused, Code::seal_unopenable);
    CHECK(word(one.world.send(one.world.department, one.world.referral(one.world.department, one.woman,
                                                                       one.world.health, one.referred))) ==
          "event_not_allowed");
    CHECK(one.standing().state == S::withdrawn);
    CHECK(one.world.count("referral WHERE awaiting_reseal") == 0);
    CHECK_NOTHROW(one.world.restart());
}

TEST_CASE("What the recipient refuses fails and the sender is told") {
    Submitted one;
    (void)one.world.acknowledge(one.world.health, one.fetch(), AckOutcome::refused, Code::payload_invalid);
    CHECK(one.standing().state == S::failed);
    CHECK(told(one.world, one.world.department) == std::vector{E::undeliverable});
}

TEST_CASE("What was too late to be opened is released again at once") {
    Submitted one;
    (void)one.world.acknowledge(one.world.health, one.fetch(), AckOutcome::refused, Code::release_unproven);
    CHECK(one.fetch().attempt == 2);
}

TEST_CASE("While the recipient is suspended it waits and passes within a minute of the body's return") {
    Submitted one;
    one.world.set_status(one.world.health, OrganisationStatus::suspended);
    const Instant looked_at = one.world.now();
    CHECK(one.world.poll(one.world.health).empty());
    one.world.set_status(one.world.health, OrganisationStatus::active);
    one.world.set_clock(looked_at + 60s - 1ms);
    CHECK(one.world.poll(one.world.health).empty());
    one.world.pass(1ms);
    CHECK(one.fetch().attempt == 1);
}

TEST_CASE(
    "What was entered by mistake is wiped at once and the recipient is told although it did not answer") {
    Submitted one;
    (void)one.fetch();
    (void)one.world.must_send(
        one.world.department,
        one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::mark_error));
    CHECK(one.standing().state == S::erroneous);
    CHECK(one.world.count("payload p JOIN delivery d ON d.sender = p.sender AND d.message = p.id "
                          "WHERE d.type = 'referral.submitted.v1'") == 0);
    one.world.pass(61s);
    const auto batch = one.world.poll(one.world.health);
    REQUIRE(batch.size() == 1);
    CHECK(event_in(batch.front()) == E::mark_error);
}

namespace {

// She agreed to the care and, apart from that, to news about it; her referral was taken.
struct WithNews : Submitted {
    codec::Delivery submission;
    ConsentId news;

    WithNews()
        : Submitted({.purposes = {Purpose::treatment}, .direction = Direction::out}),
          submission(deliver()),
          news(agree_to_news({DataGroup::health})) {
        REQUIRE(told(world, world.department) == std::vector{E::deliver});
    }
    ConsentId agree_to_news(std::vector<DataGroup> groups) {
        return world.agree(woman, world.health,
                           {.purposes = {Purpose::status_feedback}, .groups = std::move(groups)});
    }
    void take_back_news() {
        (void)world.must_send(world.department, world.revocation(world.department, woman, news));
    }
};

}  // namespace

TEST_CASE("News with a group that she took back while they waited are not handed out") {
    WithNews one;
    const bool taken_back = GENERATE(true, false);
    REQUIRE(word(one.say(one.submission, E::accept, {DataGroup::health})) == "accepted");
    (void)one.agree_to_news({taken_back ? DataGroup::identity : DataGroup::health});
    const auto heard = told(one.world, one.world.department);
    CHECK(heard == (taken_back ? std::vector<E>{} : std::vector{E::accept}));
    CHECK(dropped(one.world) == (taken_back ? "consent_groups" : "none"));
    CHECK(one.standing() == Standing{S::accepted, 3, taken_back});
}

TEST_CASE("What goes out after the referral with a group that she took back is not handed out") {
    Submitted one(kBothGroups);
    const auto submission = one.deliver();
    REQUIRE(word(one.say(submission, E::accept)) == "accepted");
    Message hers =
        one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::schedule);
    hers.says.subject_acts = true;
    hers.says.groups = {DataGroup::debt};
    (void)one.world.must_send(one.world.department, hers);
    const bool taken_back = GENERATE(true, false);
    const tests::Terms narrower{.groups = {DataGroup::health}};
    (void)one.world.agree(one.woman, one.world.health, taken_back ? narrower : kBothGroups);
    CHECK(one.world.poll(one.world.health).size() == (taken_back ? 0 : 1));
    CHECK(dropped(one.world) == (taken_back ? "consent_groups" : "none"));
}

TEST_CASE("News with a group that the two bodies agree on no more are not handed out") {
    Submitted one(kBothGroups);
    const auto submission = one.deliver();
    REQUIRE(told(one.world, one.world.department) == std::vector{E::deliver});
    REQUIRE(word(one.say(submission, E::accept, {DataGroup::debt})) == "accepted");
    const bool narrower = GENERATE(true, false);
    one.world.renew_agreement({DataGroup::health, narrower ? DataGroup::identity : DataGroup::debt});
    const auto heard = told(one.world, one.world.department);
    CHECK(heard == (narrower ? std::vector<E>{} : std::vector{E::accept}));
    CHECK(dropped(one.world) == (narrower ? "agreement_missing" : "none"));
}

TEST_CASE("Who got news under her separate word for them is told at once when she takes it back") {
    WithNews one;
    REQUIRE(word(one.say(one.submission, E::accept, {DataGroup::health})) == "accepted");
    REQUIRE(told(one.world, one.world.department) == std::vector{E::accept});
    REQUIRE(word(one.say(one.submission, E::start)) == "accepted");
    one.take_back_news();
    CHECK(one.standing().state == S::in_progress);  // the care goes on
    auto batch = one.world.poll(one.world.department);
    REQUIRE(batch.size() == 1);
    CHECK(codec::decode<codec::ConsentRevoked>(batch.front().payload).has_value());
    CHECK(record_of(batch.front()).consent == one.news);
    // It is asked for an answer until it gives one.
    one.world.pass(limits::kLease);
    batch = one.world.poll(one.world.department);
    REQUIRE(batch.size() == 1);
    CHECK(batch.front().attempt == 2);
    REQUIRE(one.world.acknowledge(one.world.department, batch.front(), AckOutcome::taken).receipt);
    one.world.pass(limits::kLease);
    CHECK(one.world.poll(one.world.department).empty());
    CHECK(one.world.count("delivery WHERE revocation") == 1);
    one.world.restart();
}

TEST_CASE("Who got no news yet is not told that she takes her word for them back") {
    WithNews one;
    REQUIRE(word(one.say(one.submission, E::accept, {DataGroup::health})) == "accepted");
    one.take_back_news();
    CHECK(one.world.count("delivery WHERE revocation") == 0);
    CHECK(told(one.world, one.world.department).empty());
}

TEST_CASE("Who got news under her separate word is still told when she takes back the referral's consent") {
    WithNews one;
    REQUIRE(word(one.say(one.submission, E::accept, {DataGroup::health})) == "accepted");
    REQUIRE(told(one.world, one.world.department) == std::vector{E::accept});
    (void)one.revoke();
    const auto batch = one.world.poll(one.world.department);
    REQUIRE_FALSE(batch.empty());
    CHECK(codec::decode<codec::ConsentRevoked>(batch.front().payload).has_value());
    CHECK(record_of(batch.front()).consent == one.consent);
}

TEST_CASE("News that still wait when she withdraws the referral are not handed out any more") {
    Submitted one;
    const auto submission = one.deliver();
    REQUIRE(word(one.say(submission, E::accept)) == "accepted");
    const bool withdrawn = GENERATE(true, false);
    if (withdrawn) {
        (void)one.world.must_send(
            one.world.department,
            one.world.event(one.world.department, one.woman, one.world.health, one.referred, E::withdraw));
    }
    const auto heard = told(one.world, one.world.department);
    CHECK(heard == (withdrawn ? std::vector{E::deliver} : std::vector{E::deliver, E::accept}));
    CHECK(dropped(one.world) == (withdrawn ? "event_not_allowed" : "none"));
    CHECK(told(one.world, one.world.health) == (withdrawn ? std::vector{E::withdraw} : std::vector<E>{}));
}
