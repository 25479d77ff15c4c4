// Keys in other hands, and a body that leaves: from that leaf on nobody speaks, reads or connects in its
// name.
#include <catch2/catch.hpp>

#include "gateway/identity/caller.h"
#include "schemas/json/read.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using tests::World;

namespace {

struct Stolen {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);

    sequencer::Answer compromise(const tests::Body& body, identity::Asker by = {}) {
        return world.hub().run(std::make_shared<identity::Compromise>(std::move(by), body.id()));
    }
    sequencer::Answer change(const tests::Body& body, OrganisationStatus to) {
        return world.hub().run(
            std::make_shared<identity::ChangeStatus>(identity::Asker{}, body.id(), to, body.root_pin()));
    }
    std::optional<Code> knock(const tests::Body& body) {
        const auto caller = identity::identify(hex(body.tls_certificate().view()), world.hub().registry());
        return caller ? std::nullopt : std::optional(caller.error());
    }
    bool has_keys(const tests::Body& body) {
        return world.hub().registry()->find(body.id())->keys.has_value();
    }
    OrganisationStatus status(const tests::Body& body) {
        return world.hub().registry()->find(body.id())->row.status;
    }
    // A fresh token, and what the body sends with it.
    Digest token(const tests::Body& body, std::optional<Code> refused = std::nullopt) {
        const auto bits = statement::sha256(statement::random_bytes<16>());
        const auto answer = world.hub().run(std::make_shared<identity::AddOrganisation>(
            identity::Asker{}, identity::AddOrganisation::Order{body.id(), body.kind(), bits,
                                                                world.now() + std::chrono::hours{24}}));
        CHECK(answer.code == refused);
        return bits;
    }
    std::optional<Code> enrol(const tests::Body& body, const Digest& bits, std::int64_t serial,
                              const tests::Body* as = nullptr) {
        auto request =
            (as == nullptr ? body : *as).enrolment(bits, std::string(World::kHub), world.now(), serial);
        request.witness = body.witness(std::string(World::kHub)).key().vkey();
        const auto enrol = std::make_shared<identity::Enrol>(request, world.keys().authority(),
                                                             std::string(World::kHub), "{}");
        return world.hub().run(enrol).code;
    }
    std::vector<log::Record> leaves_about(std::string_view operation) {
        std::vector<log::Record> found;
        for (const tests::Leaf& leaf : world.leaves()) {
            if (leaf.record.operation && leaf.record.operation->text() == operation)
                found.push_back(leaf.record);
        }
        return found;
    }
};

}  // namespace

TEST_CASE("A compromise suspends at once and ends certificates and key list with a leaf for each") {
    Stolen it;
    REQUIRE_FALSE(it.knock(it.world.health));
    REQUIRE(it.compromise(it.world.health).receipt);
    CHECK(it.status(it.world.health) == OrganisationStatus::suspended);
    CHECK(it.knock(it.world.health) == Code::certificate_unknown);
    CHECK_FALSE(it.has_keys(it.world.health));
    REQUIRE(it.leaves_about("compromise").size() == 1);
    REQUIRE(it.leaves_about("end").size() == 1);
    CHECK(std::get<std::int64_t>(*it.leaves_about("end")[0].facts.find("serial")) == 1);
    CHECK(std::get<std::int64_t>(*it.leaves_about("end")[0].facts.find("tls")) == 1);
    CHECK_FALSE(it.knock(it.world.nii));
    CHECK(it.has_keys(it.world.nii));
}

TEST_CASE("What was ended stays ended when the hub starts again") {
    Stolen it;
    (void)it.compromise(it.world.health);
    it.world.restart();
    CHECK(it.knock(it.world.health) == Code::certificate_unknown);
    CHECK_FALSE(it.has_keys(it.world.health));
    CHECK(it.has_keys(it.world.nii));
}

TEST_CASE(
    "Whoever had the keys may have made the officers so all of them are suspended until the body says anew") {
    Stolen it;
    it.world.put_officer(it.world.health, "w-66", {OfficerRole::caseworker}, it.world.today());
    it.world.put_officer(it.world.nii, "w-67", {OfficerRole::caseworker}, it.world.today());
    const auto is_suspended = [&](const tests::Body& body, std::string_view id) {
        return it.world.hub().registry()->officer(body.id(), OfficerId::parse(id).value())->suspended;
    };
    REQUIRE_FALSE(is_suspended(it.world.health, "w-66"));
    (void)it.compromise(it.world.health);
    const auto check = [&] {
        CHECK(is_suspended(it.world.health, "w-66"));
        CHECK(is_suspended(it.world.health, "w-17"));
        CHECK_FALSE(is_suspended(it.world.nii, "w-67"));
    };
    check();
    CHECK(std::get<std::int64_t>(*it.leaves_about("end")[0].facts.find("officers_suspended")) == 2);
    it.world.restart();
    check();
    const Digest bits = it.token(it.world.health);
    it.world.health.draw_keys(it.world.now());
    REQUIRE_FALSE(it.enrol(it.world.health, bits, 2));
    REQUIRE_FALSE(it.change(it.world.health, OrganisationStatus::active).code);
    CHECK(is_suspended(it.world.health, "w-66"));
}

TEST_CASE("What waits for a body whose keys are stolen stays in the hub and so does what it had sent") {
    Stolen it;
    SECTION("as its recipient") {
        (void)it.world.refer(it.woman, it.world.health, it.consent);
        (void)it.compromise(it.world.health);
        CHECK(it.world.poll(it.world.health).empty());
    }
    SECTION("not even what the hub itself says, over a connection that was open before") {
        (void)it.world.refer(it.woman, it.world.health, it.consent);
        REQUIRE(it.world.poll(it.world.health).size() == 1);
        (void)it.world.must_send(it.world.department,
                                 it.world.revocation(it.world.department, it.woman, it.consent));
        (void)it.compromise(it.world.health);
        CHECK(it.world.poll(it.world.health).empty());
    }
    SECTION("as its sender") {
        (void)it.world.refer(it.woman, it.world.health, it.consent);
        (void)it.compromise(it.world.department);
        CHECK(it.world.poll(it.world.health).empty());
    }
    CHECK(it.world.count("delivery WHERE attempt > 1") == 0);
}

TEST_CASE("A body without a root is never made active") {
    Stolen it;
    const auto labor = OrganisationId::parse("labor").value();
    const auto added = it.world.hub().run(std::make_shared<identity::AddOrganisation>(
        identity::Asker{}, identity::AddOrganisation::Order{labor, OrganisationKind::public_body,
                                                            statement::sha256(statement::random_bytes<16>()),
                                                            it.world.now() + std::chrono::hours{24}}));
    REQUIRE_FALSE(added.code);
    const auto made = it.world.hub().run(std::make_shared<identity::ChangeStatus>(
        identity::Asker{}, labor, OrganisationStatus::active, std::nullopt));
    CHECK(made.code == Code::digest_mismatch);
}

TEST_CASE("It comes back with a fresh token under its own root and newer keys and is confirmed anew") {
    Stolen it;
    (void)it.token(it.world.health, Code::id_reused);
    (void)it.compromise(it.world.health);
    const Digest bits = it.token(it.world.health);
    CHECK(it.status(it.world.health) == OrganisationStatus::suspended);
    SECTION("newer keys") {
        it.world.health.draw_keys(it.world.now());
        CHECK_FALSE(it.enrol(it.world.health, bits, 2));
        CHECK(it.status(it.world.health) == OrganisationStatus::pending);
        CHECK_FALSE(it.change(it.world.health, OrganisationStatus::active).code);
        CHECK(it.has_keys(it.world.health));
        it.world.restart();
        CHECK(it.has_keys(it.world.health));
    }
    SECTION("never with the keys that were stolen") {
        CHECK(it.enrol(it.world.health, bits, 1) == Code::key_unpinned);
        CHECK(it.enrol(it.world.health, bits, 2) == Code::key_unpinned);
    }
    SECTION("never under another root") {
        const tests::Body other(it.world.health.id(), OrganisationKind::public_body, it.world.now());
        CHECK(it.enrol(it.world.health, bits, 2, &other) == Code::key_unpinned);
    }
}

TEST_CASE("A token that lay about when the keys were stolen opens nothing") {
    Stolen it;
    (void)it.compromise(it.world.health);
    const Digest bits = it.token(it.world.health);
    (void)it.compromise(it.world.health);
    CHECK(it.enrol(it.world.health, bits, 2) == Code::not_found);
}

namespace {

// A token that two have used: a newcomer, and whoever copied the file on its way.
struct CopiedToken : Stolen {
    tests::Body newcomer{organisation_of("higher-education"), OrganisationKind::public_body, world.now()};
    tests::Body stranger{newcomer.id(), OrganisationKind::public_body, world.now()};

    static OrganisationId organisation_of(std::string_view id) { return OrganisationId::parse(id).value(); }
    // Enrols and keeps the certificate that the hub made.
    std::optional<Code> enters(tests::Body& body, const Digest& bits, std::int64_t serial = 1) {
        const auto enrol = std::make_shared<identity::Enrol>(
            body.enrolment(bits, std::string(World::kHub), world.now(), serial), world.keys().authority(),
            std::string(World::kHub), "{}");
        const auto answer = world.hub().run(enrol);
        if (answer.code) return answer.code;
        const auto read = json::read(enrol->answer()).value();
        body.enrolled(
            statement::Certificate::from_pem(*read.find("certificate")->text()).value().thumbprint());
        return std::nullopt;
    }
};

}  // namespace

TEST_CASE("Only another operator may say so and never the body about itself") {
    CopiedToken it;
    CHECK(it.compromise(it.world.nii, {it.world.health.id(), it.world.health.tls_certificate()}).code ==
          Code::actor_not_allowed);
    tests::Body second{CopiedToken::organisation_of("operator"), OrganisationKind::operator_, it.world.now()};
    const Digest bits = it.token(second);
    REQUIRE_FALSE(it.enters(second, bits));
    REQUIRE(it.change(second, OrganisationStatus::active).receipt);
    const identity::Asker by{second.id(), second.tls_certificate()};
    CHECK(it.compromise(second, by).code == Code::event_not_allowed);
    CHECK_FALSE(it.compromise(it.world.nii, by).code);
    CHECK_FALSE(it.knock(second));
}

TEST_CASE("Who copied a token and was first is out at once when the newcomer uses it") {
    CopiedToken it;
    const Digest bits = it.token(it.newcomer);
    REQUIRE_FALSE(it.enters(it.stranger, bits));
    REQUIRE_FALSE(it.knock(it.stranger));
    CHECK(it.enters(it.newcomer, bits) == Code::not_found);
    CHECK(it.status(it.newcomer) == OrganisationStatus::suspended);
    CHECK(it.knock(it.stranger) == Code::certificate_unknown);
    REQUIRE(it.leaves_about("end").size() == 1);
    CHECK(std::get<std::int64_t>(*it.leaves_about("end")[0].facts.find("tls")) == 1);
    it.world.restart();
    CHECK(it.knock(it.stranger) == Code::certificate_unknown);
}

TEST_CASE("A body that was never confirmed begins anew with its own root in the place of the stranger's") {
    CopiedToken it;
    const Digest bits = it.token(it.newcomer);
    REQUIRE_FALSE(it.enters(it.stranger, bits, 900));
    const bool frozen = GENERATE(true, false);
    if (frozen) CHECK(it.enters(it.newcomer, bits) == Code::not_found);
    Digest fresh = it.token(it.newcomer);
    CHECK(it.knock(it.stranger) == Code::certificate_unknown);
    CHECK_FALSE(it.has_keys(it.newcomer));
    CHECK(it.status(it.newcomer) == OrganisationStatus::pending);
    REQUIRE(it.leaves_about("add").back().facts.find("replaces") != nullptr);
    if (GENERATE(false, true)) fresh = it.token(it.newcomer);  // the first one was lost on its way too
    if (GENERATE(true, false)) it.world.restart();
    CHECK(it.change(it.stranger, OrganisationStatus::active).code == Code::digest_mismatch);
    REQUIRE_FALSE(it.enters(it.newcomer, fresh));
    CHECK_FALSE(it.knock(it.newcomer));
    CHECK(it.change(it.stranger, OrganisationStatus::active).code == Code::digest_mismatch);
    REQUIRE_FALSE(it.change(it.newcomer, OrganisationStatus::active).code);
    CHECK(it.has_keys(it.newcomer));
    it.world.restart();
    CHECK_FALSE(it.knock(it.newcomer));
    CHECK(it.has_keys(it.newcomer));
    CHECK(it.status(it.newcomer) == OrganisationStatus::active);
    CHECK(it.knock(it.stranger) == Code::certificate_unknown);
}

TEST_CASE("A stranger's token and certificate do not outlive the operator's second token") {
    CopiedToken it;
    const Digest first = it.token(it.newcomer);
    const Digest second = it.token(it.newcomer);
    REQUIRE_FALSE(it.enters(it.stranger, second));
    const Digest third = it.token(it.newcomer);
    CHECK(it.enters(it.stranger, first) == Code::not_found);
    CHECK(it.enters(it.stranger, second) == Code::not_found);
    CHECK_FALSE(it.enters(it.newcomer, third));
}

TEST_CASE("A confirmed body whose token is used again is frozen and comes back under its root alone") {
    CopiedToken it;
    const Digest bits = it.token(it.newcomer);
    REQUIRE_FALSE(it.enters(it.newcomer, bits));
    REQUIRE_FALSE(it.change(it.newcomer, OrganisationStatus::active).code);
    (void)it.token(it.newcomer, Code::id_reused);
    CHECK(it.enters(it.stranger, bits) == Code::not_found);
    CHECK(it.knock(it.newcomer) == Code::certificate_unknown);
    CHECK(it.status(it.newcomer) == OrganisationStatus::suspended);
    CHECK(it.has_keys(it.newcomer));  // they were never in other hands
    const Digest fresh = it.token(it.newcomer);
    CHECK(it.enters(it.stranger, fresh, 2) == Code::key_unpinned);
    CHECK_FALSE(it.enters(it.newcomer, fresh));
    CHECK(it.status(it.newcomer) == OrganisationStatus::pending);
    CHECK_FALSE(it.change(it.newcomer, OrganisationStatus::active).code);
    it.world.restart();
    CHECK_FALSE(it.knock(it.newcomer));
    CHECK(it.has_keys(it.newcomer));
}

TEST_CASE("A body that leaves takes part no more and nothing brings it back") {
    Stolen it;
    CHECK_FALSE(it.change(it.world.health, OrganisationStatus::left).code);
    CHECK(it.knock(it.world.health) == Code::certificate_unknown);
    CHECK_FALSE(it.has_keys(it.world.health));
    CHECK(it.change(it.world.health, OrganisationStatus::active).code == Code::event_not_allowed);
    CHECK(it.compromise(it.world.health).code == Code::event_not_allowed);
    (void)it.token(it.world.health, Code::event_not_allowed);
}

TEST_CASE(
    "A key list that the hub has is answered as it was, and one that was followed by a newer is refused") {
    Stolen it;
    const auto list = [&](std::int64_t serial) {
        return it.world.health.enrolment({}, std::string(World::kHub), it.world.now(), serial).keys;
    };
    const auto publish = [&](const std::string& keys) {
        return it.world.hub().run(
            std::make_shared<identity::PutKeys>(identity::Asker{it.world.health.id(), {}}, keys));
    };
    const std::string second = list(2);
    const auto first = publish(second);
    REQUIRE_FALSE(first.code);
    const auto is_answered_again = [&] {
        const auto again = publish(second);
        CHECK_FALSE(again.code);
        CHECK(again.repeated);
        CHECK(again.leaf == first.leaf);
        REQUIRE(again.receipt);
        CHECK(again.receipt->leaf == first.receipt->leaf);
    };
    is_answered_again();
    it.world.stop();
    it.world.start();
    is_answered_again();
    CHECK(it.leaves_about("publish").size() == 1);
    CHECK(publish(list(2)).code == Code::key_unpinned);  // another one of that number
    REQUIRE_FALSE(publish(list(3)).code);
    CHECK(publish(second).code == Code::key_unpinned);
}
