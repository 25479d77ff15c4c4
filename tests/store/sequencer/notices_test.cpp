// That her word, and what ends a disclosure, reaches whoever holds something of hers, and that what was held
// is let out again by the hub alone.
#include <catch2/catch.hpp>

#include "config/catalogue/catalogue.h"
#include "schemas/codec/records.h"
#include "schemas/statement/hash.h"
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

TEST_CASE("What is held is given back before it is opened and the hub decides again") {
    Given it;
    const auto held = it.world.poll(it.world.health).at(0);
    REQUIRE(it.world.acknowledge(it.world.health, held, AckOutcome::held).receipt);
    it.world.pass(60s);
    CHECK(it.world.poll(it.world.health).empty());  // kept by its recipient, sealed
    const auto give_back = [&] {
        return it.world.acknowledge(it.world.health, held, AckOutcome::refused, Code::release_unproven);
    };
    SECTION("nothing speaks against it") {
        REQUIRE(give_back().receipt);
        const auto again = it.world.poll(it.world.health);
        REQUIRE(again.size() == 1);
        CHECK(again.at(0).delivery == held.delivery);
        CHECK(again.at(0).leaf != held.leaf);
    }
    SECTION("she has withdrawn, and no notice of it need have arrived") {
        it.withdraw();
        REQUIRE(it.world.poll(it.world.health).size() == 2);  // the notices, lost on their way
        REQUIRE(give_back().receipt);
        CHECK(it.world.poll(it.world.health).empty());
        CHECK(it.world.standing(it.referred.id).state == S::withdrawn);
    }
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

TEST_CASE("She is asked for what the draft is about by an officer who may refer her and by nobody else") {
    World world;
    const Pseudonym woman = world.open_case(world.department);
    const auto id = keys::new_id<ReferralId>();
    (void)world.must_send(world.department, world.draft(world.department, woman, world.health, id));
    auto asked = world.draft(world.department, woman, world.health, id);
    codec::Draft draft = codec::decode<codec::Draft>(asked.payload).value();
    draft.event = ReferralEvent::ask_consent;
    draft.language = Language::he;
    const auto sent = [&] {
        const auto* notice = catalogue::built_in_catalogue().newest_notice(*asked.says.purpose, Language::he);
        draft.purposes = {*asked.says.purpose};
        draft.notice = codec::Notice{notice->id, static_cast<std::int32_t>(notice->version),
                                     statement::sha256(notice->text)};
        asked.payload = codec::encode(draft);
        asked.says.digest = statement::sha256(asked.payload);
        return world.send(world.department, asked).code;
    };
    SECTION("she is") {
        CHECK_FALSE(sent());
        CHECK(world.standing(id).state == S::awaiting_consent);
        return;
    }
    SECTION("not by a suspended body") {
        world.set_status(world.department, OrganisationStatus::suspended);
        CHECK(sent() == Code::organisation_suspended);
    }
    SECTION("not by an officer whom the body has not entered for it") {
        World::name_actor(asked, "worker-9", OfficerRole::caseworker);
        CHECK(sent() == Code::actor_not_allowed);
    }
    SECTION("not for another purpose") {
        asked.says.purpose = Purpose::referral;
        CHECK(sent() == Code::statement_invalid);
    }
    SECTION("not on another basis") {
        asked.says.basis = LegalBasis::consent;
        CHECK(sent() == Code::statement_invalid);
    }
    SECTION("not for another recipient") {
        draft.recipient = world.nii.id();
        CHECK(sent() == Code::statement_invalid);
    }
    SECTION("not for another service") {
        draft.service = Service::rights;
        CHECK(sent() == Code::statement_invalid);
    }
    CHECK(world.standing(id).state == S::draft);
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
