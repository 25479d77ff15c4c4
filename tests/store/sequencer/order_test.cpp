// One order for everything that happens: what was first stays first, and a withdrawal goes before what waits.
#include <catch2/catch.hpp>

#include "audit/log/receipt.h"
#include "gateway/inbox/release.h"
#include "gateway/store/deliveries.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/queued.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using tests::enqueue;
using tests::Faulty;
using tests::Message;
using tests::OneBatch;
using tests::Referred;
using tests::World;

namespace {

std::string word(const sequencer::Answer& answer) {
    return answer.code ? std::string(text(*answer.code)) : std::string("accepted");
}

std::string checkpoint_of(const sequencer::Answer& answer) {
    return log::parse_receipt(answer.receipt.value().receipt).value().checkpoint;
}

}  // namespace

TEST_CASE("With the clock set back no decision is of a time before the last one's") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto decided_at = [&] {
        (void)world.agree(woman, world.health);
        return world.leaves().back().record.at;
    };
    const Instant last = decided_at();
    REQUIRE(last == world.now());
    world.set_clock(last - std::chrono::minutes{30});
    CHECK(decided_at() == last);
    CHECK(decided_at() == last);
    world.set_clock(last - limits::kClockAhead);  // further behind, the hub would not start
    world.restart();
    CHECK(decided_at() == last);
    world.set_clock(last);  // sending takes one more millisecond
    CHECK(decided_at() == last + std::chrono::milliseconds{1});
}

TEST_CASE("A consent whose last day has passed is not in force again because the clock is set back") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health, {.lasting = std::chrono::days{0}});
    const auto refer = [&] {
        return word(world.send(world.department, world.referral(world.department, woman, world.health,
                                                                {keys::new_id<ReferralId>(), consent})));
    };
    const Instant morning = world.now();
    CHECK(refer() == "accepted");
    const bool was_decided_on = GENERATE(true, false);  // or nothing was decided while the clock was ahead
    world.set_clock(start_of(world.today() + std::chrono::days{1}));
    if (was_decided_on) (void)world.open_case(world.department);
    world.set_clock(morning);
    CHECK(refer() == (was_decided_on ? "consent_lapsed" : "accepted"));
}

TEST_CASE("The same message again gets the first receipt byte for byte") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto submission = world.department.sign(world.referral(
        world.department, woman, world.health, {keys::new_id<ReferralId>(), consent, Service::hlt_trauma}));
    const auto first = world.send(world.department, submission);
    (void)world.refer(woman, world.health, consent);  // the log has grown since
    const auto leaves = world.count("log_entry");
    const auto again = world.send(world.department, submission);
    CHECK_FALSE(first.repeated);
    CHECK(again.repeated);
    CHECK(word(again) == "accepted");
    CHECK(again.receipt->index == first.receipt->index);
    CHECK(again.receipt->leaf == first.receipt->leaf);
    CHECK(again.receipt->receipt == first.receipt->receipt);
    CHECK(world.count("log_entry") == leaves);
}

TEST_CASE("After a restart the same message still gets its first receipt byte for byte") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto message = world.referral(world.department, woman, world.health,
                                        {keys::new_id<ReferralId>(), consent, Service::hlt_trauma});
    const auto first = world.send(world.department, message);
    world.restart();
    // Signed anew: the claims are the same, the signature is another one.
    const auto again = world.send(world.department, world.department.sign(message));
    CHECK(again.repeated);
    CHECK(again.receipt->leaf == first.receipt->leaf);
    CHECK(again.receipt->receipt == first.receipt->receipt);
}

TEST_CASE("After a restart a refusal is still the same refusal") {
    World world;
    const auto woman = world.open_case(world.department);
    const Message message =
        world.referral(world.department, woman, world.health,
                       {keys::new_id<ReferralId>(), keys::new_id<ConsentId>(), Service::hlt_trauma});
    const auto first = world.send(world.department, message);
    REQUIRE(word(first) == "consent_missing");
    world.restart();
    const auto again = world.send(world.department, message);
    CHECK(again.repeated);
    CHECK(word(again) == "consent_missing");
    CHECK(again.receipt->receipt == first.receipt->receipt);
}

TEST_CASE("A message that stands twice in one batch is accepted once with one receipt") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const Message message = world.referral(world.department, woman, world.health,
                                           {keys::new_id<ReferralId>(), consent, Service::hlt_trauma});
    const auto leaves = world.count("log_entry");
    OneBatch batch(world);
    auto first = batch.send(world.department, message);
    auto second = batch.send(world.department, message);
    batch.go();
    const auto one = first.get(), two = second.get();
    CHECK_FALSE(one.repeated);
    CHECK(two.repeated);
    CHECK(two.receipt->receipt == one.receipt->receipt);
    CHECK(world.count("log_entry") == leaves + 1);
}

TEST_CASE("Two messages in one batch see each other: the second with the same referral is refused") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const Referred referred{keys::new_id<ReferralId>(), consent};
    OneBatch batch(world);
    auto first =
        batch.send(world.department, world.referral(world.department, woman, world.health, referred));
    auto second =
        batch.send(world.department, world.referral(world.department, woman, world.health, referred));
    batch.go();
    const auto one = first.get(), two = second.get();
    CHECK(word(one) == "accepted");
    CHECK(word(two) == "event_not_allowed");
    CHECK(checkpoint_of(one) == checkpoint_of(two));  // one batch, one signed checkpoint
    CHECK(world.count("referral") == 1);
}

TEST_CASE("A consent that is recorded in the same batch carries the referral behind it") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = keys::new_id<ConsentId>();
    OneBatch batch(world);
    auto given = batch.send(world.department, world.consent(world.department, woman, world.health, consent));
    auto referral = batch.send(world.department,
                               world.referral(world.department, woman, world.health,
                                              {keys::new_id<ReferralId>(), consent, Service::hlt_trauma}));
    batch.go();
    CHECK(word(given.get()) == "accepted");
    CHECK(word(referral.get()) == "accepted");
}

TEST_CASE("A withdrawal is decided before ordinary requests that were queued earlier") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    OneBatch batch(world);
    auto referral = batch.send(world.department,
                               world.referral(world.department, woman, world.health,
                                              {keys::new_id<ReferralId>(), consent, Service::hlt_trauma}));
    auto revocation = batch.send(world.department, world.revocation(world.department, woman, consent));
    batch.go();
    const auto revoked = revocation.get(), refused = referral.get();
    CHECK(word(revoked) == "accepted");
    CHECK(word(refused) == "consent_revoked");
    CHECK(revoked.receipt->index < refused.receipt->index);
    CHECK(checkpoint_of(revoked) == checkpoint_of(refused));
}

TEST_CASE("One message more than may wait is told busy and a withdrawal never is") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    world.queue_requests = 2;
    world.restart();
    const auto refer = [&] {
        return world.referral(world.department, woman, world.health,
                              {keys::new_id<ReferralId>(), consent, Service::hlt_trauma});
    };
    const Message refused = refer();
    const auto messages = world.count("message");
    OneBatch batch(world);
    auto first = batch.send(world.department, refer());
    auto last = batch.send(world.department, refer());
    const auto busy = batch.send(world.department, refused).get();
    CHECK(word(busy) == "busy");
    CHECK_FALSE(busy.leaf);
    auto revocation = batch.send(world.department, world.revocation(world.department, woman, consent));
    batch.go();
    CHECK(word(revocation.get()) == "accepted");
    CHECK(word(first.get()) == "consent_revoked");
    CHECK(word(last.get()) == "consent_revoked");
    CHECK(world.count("message") == messages + 3);
    // Its id is free: it is decided as if it came for the first time.
    const auto again = world.send(world.department, refused);
    CHECK_FALSE(again.repeated);
    CHECK(word(again) == "consent_revoked");
}

TEST_CASE("A poll that was queued before the withdrawal releases nothing") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto referred = world.refer(woman, world.health, consent);
    store::Connection reader({.conninfo = world.database().hub()}, store::delivery_statements());
    std::vector<inbox::Candidate> candidates;
    for (const auto& row : store::due_deliveries(reader, world.health.id(), world.now(), 10)) {
        candidates.push_back(
            {row.id, row.referral, row.consent, statement::sha256("read before"), {DataGroup::health}});
    }
    REQUIRE(candidates.size() == 1);
    const auto release = std::make_shared<inbox::Release>(world.health.id(), std::move(candidates));
    OneBatch batch(world);
    auto poll = batch.run(release);
    auto revocation = batch.send(world.department, world.revocation(world.department, woman, consent));
    batch.go();
    CHECK(word(revocation.get()) == "accepted");
    (void)poll.get();
    CHECK(release->released().empty());
    CHECK(world.standing(referred.id).state == ReferralState::withdrawn);
}

TEST_CASE("A fault of ours in one request takes no other of its batch with it") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto before = world.count("log_entry");
    OneBatch batch(world);
    auto first = batch.send(world.department,
                            world.referral(world.department, woman, world.health,
                                           {keys::new_id<ReferralId>(), consent, Service::hlt_trauma}));
    auto culprit = batch.run(std::make_shared<Faulty>());
    auto last = batch.send(world.department,
                           world.referral(world.department, woman, world.health,
                                          {keys::new_id<ReferralId>(), consent, Service::hlt_trauma}));
    batch.go();
    CHECK(word(first.get()) == "accepted");
    CHECK(word(culprit.get()) == "internal");
    CHECK(word(last.get()) == "accepted");
    CHECK(world.count("log_entry") == before + 2);
}

TEST_CASE("A release that is decided again after another's fault is handed out once") {
    World world;
    const auto woman = world.open_case(world.department);
    (void)world.refer(woman, world.health, world.agree(woman, world.health));
    store::Connection reader({.conninfo = world.database().hub()}, store::delivery_statements());
    const auto due = store::due_deliveries(reader, world.health.id(), world.now(), 10);
    const auto release = std::make_shared<inbox::Release>(
        world.health.id(), std::vector{inbox::Candidate{due.at(0).id,
                                                        due.at(0).referral,
                                                        due.at(0).consent,
                                                        statement::sha256("read before"),
                                                        {DataGroup::health}}});
    OneBatch batch(world);
    auto poll = batch.run(release);
    auto culprit = batch.run(std::make_shared<Faulty>());
    batch.go();
    CHECK(word(culprit.get()) == "internal");
    (void)poll.get();
    REQUIRE(release->released().size() == 1);
    CHECK(release->released()[0].attempt == 1);
    CHECK_FALSE(release->released()[0].proof.receipt.empty());
}
