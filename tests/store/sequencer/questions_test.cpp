// A question without identity has a number of its own: under a referral's, the body that is asked would hold
// the number, or even the name, of a woman it knows nothing of.
#include <catch2/catch.hpp>

#include "gateway/inbox/release.h"
#include "schemas/codec/records.h"
#include "schemas/codec/schema.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using tests::Message;
using tests::Referred;
using tests::World;

namespace {

struct Asking {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);

    Referred some() { return {keys::new_id<ReferralId>(), consent}; }
    Message question(const ReferralId& under) {
        Message asked = world.referral(world.department, woman, world.nii, {under, consent});
        asked.says.type = MessageType::eligibility_asked;
        asked.says.schema = codec::newest_schema("EligibilityAsked").fingerprint;
        asked.payload = codec::encode(codec::EligibilityAsked{});
        asked.says.digest = statement::sha256(asked.payload);
        asked.says.service.reset();
        asked.says.groups.reset();
        asked.says.consent.reset();
        asked.says.case_.reset();
        asked.case_opening.reset();
        return asked;
    }
    std::optional<Code> ask(const ReferralId& under) {
        return world.send(world.department, question(under)).code;
    }
    std::optional<Code> refer(const Referred& referred) {
        return world.send(world.department, world.referral(world.department, woman, world.health, referred))
            .code;
    }
};

}  // namespace

TEST_CASE("A question under a number of its own is handed over with a name that means nothing") {
    Asking it;
    CHECK_FALSE(it.ask(keys::new_id<ReferralId>()));
    const auto asked = it.world.poll(it.world.nii);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].version == 0);
    CHECK_FALSE(asked[0].pseudonym == it.woman);
}

TEST_CASE("What a body asked stays here while it is suspended and goes when it is active again") {
    Asking it;
    REQUIRE_FALSE(it.ask(keys::new_id<ReferralId>()));
    it.world.set_status(it.world.department, OrganisationStatus::suspended);
    CHECK(it.world.poll(it.world.nii).empty());
    it.world.set_status(it.world.department, OrganisationStatus::active);
    it.world.pass(std::chrono::minutes{5});
    CHECK(it.world.poll(it.world.nii).size() == 1);
}

TEST_CASE("What a body asked stays here once its keys were stolen") {
    Asking it;
    REQUIRE_FALSE(it.ask(keys::new_id<ReferralId>()));
    REQUIRE_FALSE(
        it.world.hub()
            .run(std::make_shared<identity::Compromise>(identity::Asker{}, it.world.department.id()))
            .code);
    it.world.pass(std::chrono::minutes{5});
    CHECK(it.world.poll(it.world.nii).empty());
}

TEST_CASE("A question under the number of a referral is refused id_reused and nobody hears of it") {
    Asking it;
    const Referred referred = it.some();
    REQUIRE_FALSE(it.refer(referred));
    CHECK(it.ask(referred.id) == Code::id_reused);
    CHECK(it.world.poll(it.world.nii).empty());
}

TEST_CASE("A referral under the number of a question is refused id_reused and under another it is not") {
    Asking it;
    const Referred referred = it.some();
    REQUIRE_FALSE(it.ask(referred.id));
    CHECK(it.refer(referred) == Code::id_reused);
    CHECK(it.world.poll(it.world.health).empty());
    CHECK_FALSE(it.refer(it.some()));
}

TEST_CASE("Whoever is no party to a referral never gets her name with its recipient") {
    Asking it;
    const Referred referred = it.some();
    REQUIRE_FALSE(it.refer(referred));
    const auto delivered = it.world.poll(it.world.health);
    REQUIRE(delivered.size() == 1);
    REQUIRE_FALSE(it.ask(keys::new_id<ReferralId>()));
    const std::string bound = "UPDATE delivery SET referral = '" + referred.id.text() + "'";
    SECTION("by a question that came to be bound to it") {
        it.world.as_superuser(bound + " WHERE type = 'eligibility.asked.v1'");
    }
    SECTION("by a message of the referral that came to be addressed to it") {
        it.world.as_superuser(bound +
                              ", type = 'referral.event.v1', parcel = 'always' WHERE recipient = 'nii'");
    }
    // Read behind the poll, which would look into a payload of that type.
    store::Connection reader({.conninfo = it.world.database().hub()}, store::delivery_statements());
    const auto due = store::due_deliveries(reader, it.world.nii.id(), it.world.now(), 10);
    REQUIRE(due.size() == 1);
    const auto release = std::make_shared<inbox::Release>(
        it.world.nii.id(), std::vector{inbox::Candidate{due[0].id,
                                                        due[0].referral,
                                                        due[0].consent,
                                                        statement::sha256("read before"),
                                                        {DataGroup::health},
                                                        Purpose::benefit_claim}});
    (void)it.world.hub().run(release);
    REQUIRE(release->released().size() == 1);
    CHECK_FALSE(release->released()[0].pseudonym == delivered[0].pseudonym);
    CHECK_FALSE(release->released()[0].pseudonym == it.woman);
    CHECK(release->released()[0].version == 0);
}
