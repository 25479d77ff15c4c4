// What may not go now keeps nobody's place: one sender whose referrals must wait does not keep from a
// body what everybody else sends it.
#include <catch2/catch.hpp>

#include "gateway/inbox/release.h"
#include "gateway/inbox/upkeep_requests.h"
#include "schemas/codec/records.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Referred;
using tests::World;
using E = ReferralEvent;

namespace {

struct Inbox {
    World world;
    Pseudonym waiting_woman = world.open_case(world.department);
    ConsentId waiting_consent = world.agree(waiting_woman, world.health);
    std::vector<Referred> waiting{};

    // Submitted, and frozen before anybody fetched it: nobody knows until when.
    void wait_with(std::size_t referrals) {
        for (std::size_t i = 0; i < referrals; ++i)
            waiting.push_back(world.refer(waiting_woman, world.health, waiting_consent));
        freeze(true);
    }
    void freeze(bool frozen) {
        for (const Referred& each : waiting) {
            world.as_superuser("UPDATE referral SET frozen = " + std::string(frozen ? "true" : "false") +
                               " WHERE id = '" + each.id.text() + "'");
        }
    }
    Referred urgent() {
        const auto woman = world.open_case(world.department);
        return world.refer(woman, world.health, world.agree(woman, world.health));
    }
    // The referrals that one poll of this size hands over.
    std::vector<ReferralId> fetch(std::size_t limit) {
        std::vector<ReferralId> found;
        for (const auto& delivery : world.poll(world.health, limit)) found.push_back(referral_of(delivery));
        return found;
    }
    ReferralId referral_of(const codec::Delivery& delivery) {
        for (const tests::Leaf& leaf : world.leaves()) {
            if (leaf.statement == delivery.statement && leaf.record.referral) return *leaf.record.referral;
        }
        throw std::runtime_error("a delivery without its acceptance");
    }
};

}  // namespace

TEST_CASE("A referral behind one that must wait leaves with the same poll") {
    Inbox it;
    it.wait_with(3);
    const Referred urgent = it.urgent();
    CHECK(it.fetch(1) == std::vector{urgent.id});
}

TEST_CASE(
    "More waiting referrals than one look takes in hold up what is behind them for a look and no longer") {
    Inbox it;
    it.wait_with(9);
    const Referred urgent = it.urgent();
    CHECK(it.fetch(1).empty());
    CHECK(it.fetch(1) == std::vector{urgent.id});
}

TEST_CASE("What had to wait comes back behind what was sent meanwhile") {
    Inbox it;
    it.wait_with(2);
    CHECK(it.fetch(100).empty());
    it.world.pass(59s);
    const Referred urgent = it.urgent();
    it.freeze(false);
    it.world.pass(10s);
    CHECK(it.fetch(100) == std::vector{urgent.id, it.waiting[0].id, it.waiting[1].id});
}

TEST_CASE("What had to wait is looked at again after a minute and not before") {
    Inbox it;
    it.wait_with(1);
    const Instant looked_at = it.world.now();
    CHECK(it.fetch(100).empty());
    it.freeze(false);
    it.world.set_clock(looked_at + inbox::kReleaseLookAgain - 1ms);
    CHECK(it.fetch(100).empty());
    it.world.pass(1ms);
    CHECK(it.fetch(100) == std::vector{it.waiting[0].id});
}

TEST_CASE("What steps aside again and again still expires 72 hours after it was sent and leaves no more") {
    Inbox it;
    it.wait_with(1);
    const Instant sent_at = it.world.now();
    for (int look = 0; look < 3; ++look) {
        CHECK(it.fetch(100).empty());
        it.world.pass(61s);
    }
    const auto expire = [&] {
        (void)it.world.hub().run(
            std::make_shared<inbox::ExpireReferrals>(std::vector<ReferralId>{it.waiting[0].id}));
        return it.world.standing(it.waiting[0].id).state;
    };
    it.freeze(false);
    it.world.set_clock(sent_at + 72h - 1ms);
    CHECK(expire() == ReferralState::requested);
    it.world.pass(1ms);
    CHECK(expire() == ReferralState::expired);
    CHECK(it.fetch(100).empty());
}

TEST_CASE("What ends a disclosure goes ahead of referrals that were sent before it") {
    Inbox it;
    const auto woman = it.world.open_case(it.world.department);
    const auto taken = it.world.refer(woman, it.world.health, it.world.agree(woman, it.world.health));
    const auto delivery = it.world.poll(it.world.health).at(0);
    REQUIRE(it.world.acknowledge(it.world.health, delivery, AckOutcome::taken).receipt);
    const Referred first = it.urgent();
    const Referred second = it.urgent();
    SECTION("a withdrawal first") {
        (void)it.world.must_send(it.world.department, it.world.event(it.world.department, woman,
                                                                     it.world.health, taken, E::withdraw));
        const auto head = it.world.poll(it.world.health, 1);
        REQUIRE(head.size() == 1);
        const auto event = codec::decode<codec::ReferralEventPayload>(head[0].payload);
        REQUIRE(event);
        CHECK(event->event == E::withdraw);
    }
    SECTION("and without one in the order they were sent") {}
    CHECK(it.fetch(1) == std::vector{first.id});
    CHECK(it.fetch(1) == std::vector{second.id});
}

TEST_CASE("The hub's word of her withdrawal goes ahead of news that the referring body holds") {
    Inbox it;
    World& world = it.world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto referred = world.refer(woman, world.health, consent);
    const auto handed = world.poll(world.health).at(0);
    REQUIRE(world.acknowledge(world.health, handed, AckOutcome::taken).receipt);
    (void)world.must_send(world.health,
                          world.event(world.health, handed.pseudonym, world.department, referred, E::accept));
    const auto deliver = world.poll(world.department).at(0);
    REQUIRE(world.acknowledge(world.department, deliver, AckOutcome::taken).receipt);
    const auto accept = world.poll(world.department).at(0);
    REQUIRE(world.acknowledge(world.department, accept, AckOutcome::held).receipt);
    (void)world.must_send(world.health,
                          world.event(world.health, handed.pseudonym, world.department, referred, E::start));
    CHECK(world.poll(world.department).empty());  // news keep their order
    (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
    std::vector<E> heard;
    for (const auto& delivery : world.poll(world.department)) {
        const auto event = codec::decode<codec::ReferralEventPayload>(delivery.payload);
        if (event) heard.push_back(event->event);
    }
    CHECK(heard == std::vector{E::withdraw});
}
