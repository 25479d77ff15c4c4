// What the log says of consents and referrals, read from the stored leaves: enough to tell who lost what by
// which word, and nothing to a body whose it is not.
#include <catch2/catch.hpp>

#include "gateway/insight/reading.h"
#include "schemas/statement/hash.h"
#include "tests/store/leaves/told.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::tests;
using log::RecordEvent;
using S = ReferralState;
using Ids = std::vector<std::string>;

namespace {

struct Story {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);

    codec::Delivery fetch(const Body& body) {
        const auto batch = world.poll(body);
        REQUIRE(batch.size() == 1);
        return batch.front();
    }
    void take(const Body& body) {
        for (const auto& delivery : world.poll(body)) {
            (void)world.acknowledge(body, delivery, AckOutcome::taken);
        }
    }
    Leaf withdraw(const ConsentId& named) {
        const auto answer =
            world.must_send(world.department, world.revocation(world.department, woman, named));
        return leaf_at(world, answer.leaf.value());
    }
    // The hub's own leaves on a referral's event.
    std::vector<Leaf> of_hub(std::string_view event) { return told(world, RecordEvent::accepted, event); }
    insight::Rooms rooms() { return {world.hub(), world.readers(), world.row_keys(), world.sealed_store()}; }
    log::Record read_message(const Body& body, const MessageId& id) {
        (void)insight::message(rooms(), {body.id(), body.tls_certificate()}, id);
        return told(world, RecordEvent::read, "message").back().record;
    }
};

}  // namespace

TEST_CASE("A withdrawal is followed by a leaf of the hub that names each consent and referral it ended") {
    Story it;
    const auto first = it.world.refer(it.woman, it.world.health, it.consent);
    const auto renewed = it.world.agree(it.woman, it.world.health);
    const auto second = it.world.refer(it.woman, it.world.health, renewed);
    const Leaf withdrawal = it.withdraw(it.consent);
    const auto ended = told(it.world, RecordEvent::consent, "consent.ended");
    REQUIRE(ended.size() == 1);
    const log::Record& record = ended.front().record;
    CHECK(number(ended.front().index) == number(withdrawal.index) + 1);
    CHECK_FALSE(ended.front().statement);
    CHECK(amount(record, "cause_leaf") == static_cast<std::int64_t>(number(withdrawal.index)));
    CHECK(record.consent == it.consent);
    CHECK(words(record, "consents") == Ids{it.consent.text(), renewed.text()});
    CHECK(words(record, "referrals") == Ids{first.id.text(), second.id.text()});
    CHECK(is_about(it.world, record, it.world.department, it.woman));
}

TEST_CASE("The leaf that the sender of a withdrawal can read names the one consent that was named") {
    Story it;
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    (void)it.world.agree(it.woman, it.world.health);
    const Leaf withdrawal = it.withdraw(it.consent);
    CHECK(withdrawal.record.org == it.world.department.id());
    CHECK(withdrawal.record.consent == it.consent);
    CHECK(withdrawal.record.recipient == OrganisationId::hub());
    CHECK(withdrawal.record.facts.empty());
    const log::Record ended = told(it.world, RecordEvent::consent, "consent.ended").front().record;
    CHECK(ended.org == OrganisationId::hub());
    CHECK(ended.recipient == it.world.health.id());
    CHECK(ended.facts.find("already_revoked") == nullptr);
}

TEST_CASE("A withdrawal that was said before ends nothing and only the leaf of the hub says so") {
    Story it;
    const Leaf first = it.withdraw(it.consent);
    const Leaf second = it.withdraw(it.consent);
    CHECK(second.record.facts.empty());
    CHECK(second.record.recipient == first.record.recipient);
    const auto ended = told(it.world, RecordEvent::consent, "consent.ended");
    REQUIRE(ended.size() == 2);
    const log::Record& again = ended.back().record;
    CHECK(std::get<bool>(*again.facts.find("already_revoked")));
    CHECK(again.facts.find("consents") == nullptr);
    CHECK(again.facts.find("referrals") == nullptr);
    CHECK(amount(again, "cause_leaf") == static_cast<std::int64_t>(number(second.index)));
    CHECK_NOTHROW(it.world.restart());
}

TEST_CASE("What one leaf cannot hold goes on in the next and no referral is left out") {
    Story it;
    constexpr std::size_t kMany = 260;
    for (std::size_t i = 0; i < kMany; ++i) (void)it.world.refer(it.woman, it.world.health, it.consent);
    const Leaf withdrawal = it.withdraw(it.consent);
    const auto ended = told(it.world, RecordEvent::consent, "consent.ended");
    REQUIRE(ended.size() == 2);
    CHECK(words(ended[0].record, "consents").size() + words(ended[0].record, "referrals").size() == 256);
    CHECK(words(ended[1].record, "referrals").size() == kMany + 1 - 256);
    for (const Leaf& leaf : ended) {
        CHECK(amount(leaf.record, "cause_leaf") == static_cast<std::int64_t>(number(withdrawal.index)));
    }
    CHECK(it.of_hub("withdraw").size() == kMany);
}

TEST_CASE("Behind every yes the hub says what it replaces and the leaf of the yes does not") {
    Story it;
    const auto benefit = it.world.agree(it.woman, it.world.health,
                                        {.purposes = {Purpose::benefit_claim, Purpose::status_feedback}});
    (void)benefit;
    const auto both =
        it.world.agree(it.woman, it.world.health,
                       {.purposes = {Purpose::benefit_claim, Purpose::status_feedback, Purpose::treatment}});
    const auto superseded = told(it.world, RecordEvent::consent, "consent.superseded");
    REQUIRE(superseded.size() == 3);
    CHECK(superseded.front().record.facts.find("consents") == nullptr);
    CHECK(superseded.back().record.consent == both);
    CHECK(words(superseded.back().record, "consents").size() == 2);
    const auto given = told(it.world, RecordEvent::consent, "consent.given.v1").back();
    CHECK(amount(superseded.back().record, "cause_leaf") == static_cast<std::int64_t>(number(given.index)));
    CHECK(given.record.facts.find("supersedes") == nullptr);
}

TEST_CASE("The leaf of a consent says who tells whom what and until when") {
    Story it;
    const auto record = told(it.world, RecordEvent::consent, "consent.given.v1").back().record;
    CHECK(word(record, "discloser") == "ssd-5000");
    CHECK(word(record, "recipient") == "health");
    CHECK(words(record, "purposes") == Ids{"TREATMENT", "STATUS_FEEDBACK"});
    CHECK(words(record, "groups") == Ids{"HEALTH"});
    CHECK(words(record, "services") == Ids{"HLT-TRAUMA"});
    CHECK(word(record, "direction") == "both");
    CHECK(word(record, "form_digest").size() == 43);
    CHECK(word(record, "from") == text(it.world.today()));
    CHECK(word(record, "to") == text(it.world.today() + std::chrono::days{90}));
    CHECK(std::get<bool>(*record.facts.find("harm_veto")) == false);
}

TEST_CASE("A referral that falls with its consent has a leaf with where it stood and where it stands") {
    Story it;
    const auto referred = it.world.refer(it.woman, it.world.health, it.consent);
    const Leaf withdrawal = it.withdraw(it.consent);
    const auto leaves = it.of_hub("withdraw");
    REQUIRE(leaves.size() == 1);
    const log::Record& record = leaves.front().record;
    CHECK(record.org == OrganisationId::hub());
    CHECK(record.referral == referred.id);
    CHECK(record.before == log::Stage{S::requested, 1});
    CHECK(record.after == log::Stage{S::withdrawn, 2});
    CHECK(amount(record, "cause_leaf") == static_cast<std::int64_t>(number(withdrawal.index)));
}

TEST_CASE("What a recipient takes or refuses moves the referral by a leaf with before and after") {
    Story it;
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    const bool takes = GENERATE(true, false);
    const auto delivery = it.fetch(it.world.health);
    const auto ack =
        it.world.acknowledge(it.world.health, delivery, takes ? AckOutcome::taken : AckOutcome::refused,
                             takes ? std::nullopt : std::optional(Code::payload_invalid));
    const auto leaves = it.of_hub(takes ? "deliver" : "undeliverable");
    REQUIRE(leaves.size() == 1);
    const log::Record& record = leaves.front().record;
    CHECK(record.before == log::Stage{S::requested, 1});
    CHECK(record.after == log::Stage{takes ? S::delivered : S::failed, 2});
    CHECK(amount(record, "cause_leaf") == static_cast<std::int64_t>(number(ack.leaf.value())));
}

TEST_CASE("An answer that implies the receipt has one leaf a step and both say from where to where") {
    Story it;
    const auto referred = it.world.refer(it.woman, it.world.health, it.consent);
    const auto delivery = it.fetch(it.world.health);
    (void)it.world.must_send(
        it.world.health, it.world.event(it.world.health, delivery.pseudonym, it.world.department, referred,
                                        ReferralEvent::accept));
    const auto implied = it.of_hub("deliver");
    REQUIRE(implied.size() == 1);
    CHECK(implied.front().record.before == log::Stage{S::requested, 1});
    CHECK(implied.front().record.after == log::Stage{S::delivered, 2});
    const auto said = it.of_hub("accept");
    REQUIRE(said.size() == 1);
    CHECK(said.front().record.before == log::Stage{S::requested, 1});
    CHECK(said.front().record.after == log::Stage{S::accepted, 3});
}

TEST_CASE("An acknowledgement names the statement that was handed over and whom it is about") {
    Story it;
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    const auto delivery = it.fetch(it.world.health);
    const auto ack = it.world.acknowledge(it.world.health, delivery, AckOutcome::taken);
    const auto record = leaf_at(it.world, ack.leaf.value()).record;
    CHECK(record.statement == statement::sha256(delivery.statement));
    CHECK(is_about(it.world, record, it.world.department, it.woman));
}

TEST_CASE("The acknowledgement of a notice of withdrawal is about her as well") {
    Story it;
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    (void)it.world.acknowledge(it.world.health, it.fetch(it.world.health), AckOutcome::taken);
    (void)it.withdraw(it.consent);
    const auto notices = it.world.poll(it.world.health);
    REQUIRE_FALSE(notices.empty());
    const auto ack = it.world.acknowledge(it.world.health, notices.front(), AckOutcome::taken);
    const auto record = leaf_at(it.world, ack.leaf.value()).record;
    CHECK(record.operation->text() == "consent.revoked.v1");
    CHECK(record.statement == statement::sha256(notices.front().statement));
    CHECK(is_about(it.world, record, it.world.department, it.woman));
}

TEST_CASE("A message that is read has a leaf about whom it is about for its sender and its recipient") {
    Story it;
    const auto referred = it.world.refer(it.woman, it.world.health, it.consent);
    (void)it.fetch(it.world.health);
    const auto sent = told(it.world, RecordEvent::accepted, "submit").back().record;
    REQUIRE(sent.referral == referred.id);
    for (const Body* body : {&it.world.department, &it.world.health}) {
        const auto record = it.read_message(*body, sent.message.value());
        CHECK(record.decision == log::Decision::permit);
        CHECK(is_about(it.world, record, it.world.department, it.woman));
    }
}

TEST_CASE("A consent's own message that is read is about her") {
    Story it;
    const auto given = told(it.world, RecordEvent::consent, "consent.given.v1").back().record;
    const auto record = it.read_message(it.world.department, given.message.value());
    CHECK(is_about(it.world, record, it.world.department, it.woman));
}

TEST_CASE("A message that is not the reader's is about nobody that the log would tell") {
    Story it;
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    const auto sent = told(it.world, RecordEvent::accepted, "submit").back().record;
    const auto record = it.read_message(it.world.nii, sent.message.value());
    CHECK(record.decision == log::Decision::deny);
    CHECK_FALSE(record.subject);
    CHECK_FALSE(record.message);
}

TEST_CASE("The leaf of an acceptance names the delivery that carries it on") {
    Story it;
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    const auto sent = told(it.world, RecordEvent::accepted, "submit").back().record;
    CHECK(word(sent, "delivery") == it.fetch(it.world.health).delivery.text());
}

TEST_CASE(
    "An update that is not carried says in its leaf that updates have stopped and one that goes on says so") {
    Story it;
    const auto referred = it.world.refer(it.woman, it.world.health, it.consent);
    const auto delivery = it.fetch(it.world.health);
    (void)it.world.acknowledge(it.world.health, delivery, AckOutcome::taken);
    it.take(it.world.department);
    const auto say = [&](ReferralEvent event) {
        (void)it.world.must_send(it.world.health, it.world.event(it.world.health, delivery.pseudonym,
                                                                 it.world.department, referred, event));
    };
    say(ReferralEvent::accept);
    it.world.set_status(it.world.health, OrganisationStatus::suspended);
    it.take(it.world.department);
    it.world.set_status(it.world.health, OrganisationStatus::active);
    say(ReferralEvent::start);
    it.take(it.world.department);
    Ids said;
    for (const Leaf& leaf : told(it.world, RecordEvent::released, "referral.event.v1")) {
        if (leaf.record.facts.find("updates") != nullptr) said.push_back(word(leaf.record, "updates"));
    }
    CHECK(said == Ids{"stopped", "carried"});
}

TEST_CASE("A routine release waits whether or not anybody sent her elsewhere and its leaf says until when") {
    Story it;
    it.world.spread_releases(std::chrono::hours{24});
    const auto submitted = [&] { return told(it.world, RecordEvent::accepted, "submit").back().record; };
    const bool after_another = GENERATE(false, true);
    if (after_another) (void)it.world.refer(it.woman, it.world.health, it.consent);
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    const auto waits = submitted();
    const Instant until{std::chrono::milliseconds{amount(waits, "not_before")}};
    CHECK(until >= waits.at);
    CHECK(until < waits.at + std::chrono::hours{24});
    CHECK(it.world.count("delivery WHERE not_before = " + std::to_string(until.time_since_epoch().count())) ==
          1);
}

TEST_CASE("What is urgent leaves at once and so does everything where nothing is spread") {
    Story it;
    SECTION("urgent") {
        it.world.spread_releases(std::chrono::hours{24});
        const tests::Referred urgent{keys::new_id<ReferralId>(), it.consent, Service::hlt_trauma,
                                     Priority::urgent};
        (void)it.world.must_send(it.world.department,
                                 it.world.referral(it.world.department, it.woman, it.world.health, urgent));
    }
    SECTION("no spread") { (void)it.world.refer(it.woman, it.world.health, it.consent); }
    const auto leaf = told(it.world, RecordEvent::accepted, "submit").back().record;
    CHECK(leaf.facts.find("not_before") == nullptr);
    CHECK(it.world.poll(it.world.health).size() == 1);
}

TEST_CASE(
    "A hub starts over releases that are spread and refuses one that was let go earlier beside the log") {
    Story it;
    it.world.spread_releases(std::chrono::hours{24});
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    (void)it.world.refer(it.woman, it.world.health, it.consent);
    it.world.restart();
    it.world.stop();
    // From now on the last one may leave at once.
    it.world.as_superuser(
        "UPDATE delivery SET not_before = not_before - 1 WHERE accepted_idx = (SELECT max(accepted_idx) FROM "
        "delivery)");
    CHECK_THROWS_WITH(it.world.start(), Catch::Contains("in its column not_before "));
}
