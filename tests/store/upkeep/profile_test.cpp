// What an organisation declares of its adapter: nothing until it has, its own signature alone, and no way
// back to what it said before.
#include "gateway/identity/profile.h"

#include <catch2/catch.hpp>

#include "schemas/json/read.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using statement::Profile;
using tests::World;

namespace {

struct Directory {
    World world;
    SchemaFingerprint schema = parse_fingerprint("00000000000000a1").value();

    Profile profile(const tests::Body& body, std::int64_t serial = 1) const {
        return {body.id(), std::string(World::kOrigin), {1, serial}, {schema}, {SafetyFlag::neutral_name}};
    }
    sequencer::Answer declare(const tests::Body& body, const std::string& jws) {
        return world.hub().run(std::make_shared<identity::DeclareProfile>(
            identity::Asker{body.id(), body.tls_certificate()}, jws));
    }
    sequencer::Answer declare(const tests::Body& body, std::int64_t serial = 1) {
        return declare(body, statement::sign_profile(profile(body, serial), body.signer(), world.today()));
    }
    // As the directory shows it: what counts, and whether a document is there.
    std::string shown(const tests::Body& body) {
        json::Writer writer;
        writer.open_object();
        identity::write_profile(writer, *world.hub().registry()->find(body.id()), world.now());
        const auto read = json::read(writer.close().take()).value();
        const auto words = [&](std::string_view key) {
            std::string all;
            for (const json::Value& item : *read.find(key)->array()) all += *item.text() + ' ';
            return all;
        };
        return words("reads") + "| " + words("honours") + (read.find("profile") ? "| a document" : "|");
    }
};

constexpr std::string_view kDeclared = "00000000000000a1 | neutral_name | a document";
constexpr std::string_view kCountsNoMore = "| | a document";

}  // namespace

TEST_CASE("A body that has declared nothing reads and honours nothing") {
    Directory it;
    CHECK(it.shown(it.world.health) == "| |");
}

TEST_CASE("What a body declares stands in the directory with a leaf and is there after a start") {
    Directory it;
    const auto answer = it.declare(it.world.health);
    REQUIRE(answer.receipt);
    CHECK(it.shown(it.world.health) == kDeclared);
    CHECK(it.shown(it.world.nii) == "| |");
    const log::Record leaf = it.world.leaves().back().record;
    CHECK(leaf.event == log::RecordEvent::organisation);
    CHECK(leaf.operation->text() == "profile");
    CHECK(leaf.org == it.world.health.id());
    CHECK(std::get<log::Words>(*leaf.facts.find("honours")).front().text() == "neutral_name");
    it.world.restart();
    CHECK(it.shown(it.world.health) == kDeclared);
}

TEST_CASE("What was declared before does not come back") {
    Directory it;
    const std::string first =
        statement::sign_profile(it.profile(it.world.health, 1), it.world.health.signer(), it.world.today());
    Profile narrower = it.profile(it.world.health, 2);
    narrower.honours = {};
    const std::string second = statement::sign_profile(narrower, it.world.health.signer(), it.world.today());
    REQUIRE_FALSE(it.declare(it.world.health, first).code);
    REQUIRE_FALSE(it.declare(it.world.health, second).code);
    CHECK(it.declare(it.world.health, first).code == Code::version_conflict);
    CHECK(it.declare(it.world.health, second).code == Code::version_conflict);
    CHECK(it.shown(it.world.health) == "00000000000000a1 | | a document");
    it.world.restart();
    CHECK(it.declare(it.world.health, first).code == Code::version_conflict);
    CHECK(it.shown(it.world.health) == "00000000000000a1 | | a document");
}

TEST_CASE("Nobody declares for another body") {
    Directory it;
    const std::string of_health =
        statement::sign_profile(it.profile(it.world.health), it.world.health.signer(), it.world.today());
    CHECK(it.declare(it.world.nii, of_health).code == Code::certificate_unknown);
    const std::string forged =
        statement::sign_profile(it.profile(it.world.health), it.world.nii.signer(), it.world.today());
    CHECK(it.declare(it.world.health, forged).code == Code::certificate_unknown);
    CHECK(it.shown(it.world.health) == "| |");
    CHECK(it.shown(it.world.nii) == "| |");
}

TEST_CASE("A declaration for another key list than the newest is refused") {
    Directory it;
    Profile ahead = it.profile(it.world.health);
    ahead.place.keys = 2;
    CHECK(it.declare(it.world.health,
                     statement::sign_profile(ahead, it.world.health.signer(), it.world.today()))
              .code == Code::statement_invalid);
}

TEST_CASE("With its keys ends what they had declared") {
    Directory it;
    REQUIRE_FALSE(it.declare(it.world.health).code);
    (void)it.world.hub().run(std::make_shared<identity::Compromise>(identity::Asker{}, it.world.health.id()));
    CHECK(it.shown(it.world.health) == kCountsNoMore);
    CHECK(it.declare(it.world.health, 2).code == Code::certificate_unknown);
    it.world.restart();
    CHECK(it.shown(it.world.health) == kCountsNoMore);
}

TEST_CASE("A declaration that nobody renews counts for ninety days and can be renewed after them") {
    Directory it;
    const Day signed_on = it.world.today() - std::chrono::days{85};
    REQUIRE_FALSE(it.declare(it.world.nii, statement::sign_profile(it.profile(it.world.nii),
                                                                   it.world.nii.signer(), signed_on))
                      .code);
    it.world.pass(std::chrono::days{5});
    CHECK(it.shown(it.world.nii) == kDeclared);
    it.world.pass(std::chrono::days{1});
    CHECK(it.shown(it.world.nii) == kCountsNoMore);
    it.world.restart();
    CHECK(it.shown(it.world.nii) == kCountsNoMore);
    CHECK_FALSE(it.declare(it.world.nii, 2).code);
    CHECK(it.shown(it.world.nii) == kDeclared);
}

TEST_CASE("A stored declaration that was changed stops the hub at its start") {
    Directory it;
    REQUIRE_FALSE(it.declare(it.world.health).code);
    it.world.stop();
    it.world.as_superuser("UPDATE profile SET serial = 7");
    CHECK_THROWS(it.world.start());
}
