// That her word, and what ends a disclosure, reaches whoever holds something of hers: nothing drops it on its
// way, and who keeps something unopened is told that a notice is still out.
#include <catch2/catch.hpp>

#include "gateway/store/deliveries.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::Referred;
using tests::World;
using S = ReferralState;

namespace {

struct Given {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);
    Referred referred = world.refer(woman, world.health, consent);

    void hold(const tests::Body& body) {
        for (const auto& delivery : world.poll(body))
            REQUIRE(world.acknowledge(body, delivery, AckOutcome::held).receipt);
    }
    void withdraw() {
        (void)world.must_send(world.department, world.revocation(world.department, woman, consent));
    }
    std::uint64_t left(const tests::Body& body, const std::vector<codec::Delivery>& handed = {}) {
        std::vector<DeliveryId> ids;
        for (const auto& delivery : handed) ids.push_back(delivery.delivery);
        return world.readers().with(
            [&](store::Connection& connection) { return store::notices_left(connection, body.id(), ids); });
    }
};

std::vector<OrganisationId> senders_of(const std::vector<codec::Delivery>& batch) {
    std::vector<OrganisationId> senders;
    for (const auto& delivery : batch) {
        const std::size_t begin = delivery.statement.find('.') + 1;
        const auto claims =
            from_base64url(delivery.statement.substr(begin, delivery.statement.rfind('.') - begin)).value();
        const std::string text(text_of(claims));
        senders.push_back(text.find("\"from\":\"hub\"") == std::string::npos
                              ? OrganisationId::parse("ssd-5000").value()
                              : OrganisationId::hub());
    }
    return senders;
}

}  // namespace

TEST_CASE("A notice is left until it is acknowledged however often it went out") {
    Given it;
    it.hold(it.world.health);
    CHECK(it.left(it.world.health) == 0);
    it.withdraw();
    CHECK(it.left(it.world.health) == 2);  // of her consent, and of the referral's end
    const auto lost = it.world.poll(it.world.health);
    REQUIRE(lost.size() == 2);
    CHECK(it.left(it.world.health, lost) == 0);
    // The answer never arrived: nothing comes for a minute, and this says that something should.
    CHECK(it.world.poll(it.world.health).empty());
    CHECK(it.left(it.world.health) == 2);
    it.world.pass(60s);
    const auto again = it.world.poll(it.world.health);
    REQUIRE(again.size() == 2);
    CHECK(it.world.acknowledge(it.world.health, again.at(0), AckOutcome::taken).receipt);
    CHECK(it.left(it.world.health) == 1);
    // One that its own system is to be told later is heard all the same.
    CHECK(it.world.acknowledge(it.world.health, again.at(1), AckOutcome::held).receipt);
    CHECK(it.left(it.world.health) == 0);
    CHECK(it.left(it.world.nii) == 0);
}

TEST_CASE("Notices that wait behind a full batch are left and referrals are not") {
    Given it;
    it.hold(it.world.health);
    const Pseudonym another = it.world.open_case(it.world.department);
    const ConsentId of_another = it.world.agree(another, it.world.health);
    (void)it.world.refer(another, it.world.health, of_another);
    CHECK(it.left(it.world.health) == 0);
    it.withdraw();
    const auto first = it.world.poll(it.world.health, 1);
    REQUIRE(first.size() == 1);
    CHECK(it.left(it.world.health, first) == 1);
}

TEST_CASE("What stands behind an update that its recipient holds is not waited for") {
    Given it;
    const auto delivery = it.world.poll(it.world.health).at(0);
    REQUIRE(it.world.acknowledge(it.world.health, delivery, AckOutcome::taken).receipt);
    it.hold(it.world.department);  // the receipt of its delivery
    CHECK(it.left(it.world.department) == 0);
    (void)it.world.must_send(
        it.world.health, it.world.event(it.world.health, delivery.pseudonym, it.world.department, it.referred,
                                        ReferralEvent::accept));
    it.world.pass(1s);
    it.withdraw();
    // The notice of her consent, which nothing holds back; the referral's end waits behind what is held.
    const auto handed = it.world.poll(it.world.department);
    REQUIRE(handed.size() == 1);
    CHECK(it.left(it.world.department, handed) == 0);
}

TEST_CASE("That a referral was cancelled reaches its recipient though she withdraws her consent as well") {
    Given it;
    const auto delivery = it.world.poll(it.world.health).at(0);
    REQUIRE(it.world.acknowledge(it.world.health, delivery, AckOutcome::taken).receipt);
    const auto event = GENERATE(ReferralEvent::withdraw, ReferralEvent::cancel, ReferralEvent::mark_error);
    (void)it.world.must_send(it.world.department, it.world.event(it.world.department, it.woman,
                                                                 it.world.health, it.referred, event));
    it.withdraw();
    const auto handed = it.world.poll(it.world.health);
    // Her withdrawal first, then the department's own word.
    CHECK(senders_of(handed) == std::vector{OrganisationId::hub(), it.world.department.id()});
}

TEST_CASE("A draft is withdrawn at the hub which alone has heard of it") {
    World world;
    const Pseudonym woman = world.open_case(world.department);
    const auto id = keys::new_id<ReferralId>();
    (void)world.must_send(world.department, world.draft(world.department, woman, world.health, id));
    REQUIRE(world.standing(id).state == S::draft);
    auto event = world.event(world.department, woman, world.health, {id, keys::new_id<ConsentId>()},
                             ReferralEvent::withdraw);
    SECTION("to the hub") {
        event.says.to = OrganisationId::hub();
        CHECK_FALSE(world.send(world.department, event).code);
        CHECK(world.standing(id).state == S::withdrawn);
        CHECK(world.poll(world.health).empty());
    }
    SECTION("or to whom it would have gone") {
        CHECK_FALSE(world.send(world.department, event).code);
        CHECK(world.standing(id).state == S::withdrawn);
        CHECK(world.poll(world.health).empty());
    }
    SECTION("and to nobody else") {
        event.says.to = world.nii.id();
        CHECK(world.send(world.department, event).code == Code::recipient_unknown);
        CHECK(world.standing(id).state == S::draft);
    }
}

TEST_CASE("What was submitted is withdrawn at its recipient and not at the hub") {
    Given it;
    auto event =
        it.world.event(it.world.department, it.woman, it.world.health, it.referred, ReferralEvent::withdraw);
    event.says.to = OrganisationId::hub();
    CHECK(it.world.send(it.world.department, event).code == Code::recipient_unknown);
    CHECK(it.world.standing(it.referred.id).state == S::requested);
}

TEST_CASE("An acknowledgement over a connection whose certificate was ended settles nothing") {
    Given it;
    const auto delivery = it.world.poll(it.world.health).at(0);
    REQUIRE_FALSE(it.world.hub()
                      .run(std::make_shared<identity::Compromise>(identity::Asker{}, it.world.health.id()))
                      .code);
    const auto leaves = it.world.count("log_entry");
    CHECK_THROWS(it.world.acknowledge(it.world.health, delivery, AckOutcome::taken));
    CHECK(it.world.count("log_entry") == leaves);
    CHECK(it.world.count("delivery WHERE state = 'taken'") == 0);
}
