// A connection that was open, or a basket half decided, when the body's keys were found to be stolen: from
// the compromise's leaf on it says nothing in the body's name, not even what ends a disclosure.
#include <catch2/catch.hpp>

#include "gateway/sequencer/ended_certificates.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using tests::World;

namespace {

struct Live {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);
    // Over a connection and with a key that were good when it was read.
    std::shared_ptr<sequencer::MessageRequest> read(const tests::Message& message) {
        return world.read(world.department, world.department.sign(message)).value();
    }
    void compromise(const tests::Body& body) {
        REQUIRE_FALSE(
            world.hub().run(std::make_shared<identity::Compromise>(identity::Asker{}, body.id())).code);
    }
    std::int64_t living() { return world.count("consent WHERE state = 'active'"); }
};

}  // namespace

TEST_CASE("A withdrawal read before a compromise is nobody's word after it and leaves no leaf") {
    Live it;
    const auto stolen = it.read(it.world.revocation(it.world.department, it.woman, it.consent));
    const auto before = it.living();
    REQUIRE(before == 1);
    SECTION("of the sender's keys") {
        it.compromise(it.world.department);
        const auto leaves = it.world.count("log_entry");
        CHECK(it.world.hub().run(stolen).code == Code::certificate_unknown);
        CHECK(it.living() == before);
        CHECK(it.world.count("log_entry") == leaves);
    }
    SECTION("and is taken where another body's keys were stolen") {
        it.compromise(it.world.nii);
        CHECK_FALSE(it.world.hub().run(stolen).code);
        CHECK(it.living() == 0);
    }
    SECTION("and is taken from a body that is only suspended") {
        it.world.set_status(it.world.department, OrganisationStatus::suspended);
        CHECK_FALSE(it.world.hub().run(stolen).code);
        CHECK(it.living() == 0);
    }
}

TEST_CASE("Not even an earlier answer is given again over a connection whose certificate was ended") {
    Live it;
    const auto message = it.world.revocation(it.world.department, it.woman, it.consent);
    REQUIRE_FALSE(it.world.send(it.world.department, message).code);
    const auto again = it.read(message);
    CHECK(it.world.hub().run(again).repeated);
    it.compromise(it.world.department);
    const auto answer = it.world.hub().run(again);
    CHECK(answer.code == Code::certificate_unknown);
    CHECK_FALSE(answer.receipt);
}

TEST_CASE("The certificates whose connections are to be cut are those that were ended since the last look") {
    Live it;
    sequencer::EndedCertificates ended(it.world.hub().registry());
    CHECK(ended.since_last_look(it.world.hub().registry()).empty());
    it.world.set_status(it.world.nii, OrganisationStatus::suspended);
    CHECK(ended.since_last_look(it.world.hub().registry()).empty());
    it.compromise(it.world.department);
    const std::vector<std::string> stolen{hex(it.world.department.tls_certificate().view())};
    CHECK(ended.since_last_look(it.world.hub().registry()) == stolen);
    CHECK(ended.since_last_look(it.world.hub().registry()).empty());
    it.world.set_status(it.world.health, OrganisationStatus::left);
    CHECK(ended.since_last_look(it.world.hub().registry()).size() == 1);
}
