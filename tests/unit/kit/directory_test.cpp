// Whose keys may be believed without trusting the hub.
#include "adapters/kit/directory.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/exchange.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {
struct Given {
    Party health = party("health");
    Pins pins{{health.id, {health.root().key().spki_sha256(), 3}}};
    [[nodiscard]] Directory read(const std::string& keys) const {
        return Directory::read(organisations_json({{health, keys}}), pins, kNow).value();
    }
};
statement::Agreement agreement_of(const Party& own, const Party& other) {
    return {id<AgreementId>(1),
            statement::AgreementAct::propose,
            other.id,
            own.id,
            {MessageType::referral_submitted},
            {Purpose::treatment},
            {DataGroup::health},
            kToday,
            kToday + std::chrono::days{90},
            other.root().key().spki_sha256(),
            own.root().key().spki_sha256(),
            OfficerRole::legal_adviser,
            OfficerId::parse("law.1").value()};
}
}  // namespace

TEST_CASE("Keys count where the pinned root signed them and the serial is not lower than seen") {
    const Given given;
    CHECK(given.read(key_list(given.health, 3)).find(given.health.id)->keys);
    CHECK(given.read(key_list(given.health, 3)).newer_serials().empty());
    CHECK(given.read(key_list(given.health, 4)).newer_serials().at(given.health.id) == 4);
    const auto older = given.read(key_list(given.health, 2));
    CHECK_FALSE(older.find(given.health.id)->keys);
    CHECK(older.find(given.health.id)->why_not == Code::key_unpinned);
}

TEST_CASE("An organisation without an agreement of ours has no keys that we believe") {
    Given given;
    given.pins.clear();
    const auto read = given.read(key_list(given.health, 3));
    REQUIRE(read.find(given.health.id) != nullptr);
    CHECK_FALSE(read.find(given.health.id)->keys);
    CHECK(read.find(given.health.id)->why_not == Code::key_unpinned);
}

TEST_CASE("A root that the hub put in the place of the pinned one vouches for nothing") {
    const Given given;
    const Party impostor = party("health");
    const auto read =
        Directory::read(organisations_json({{impostor, key_list(impostor, 5)}}), given.pins, kNow);
    REQUIRE(read);
    CHECK_FALSE(read->find(given.health.id)->keys);
    CHECK(read->find(given.health.id)->why_not == Code::key_unpinned);
    CHECK(read->newer_serials().empty());
}

TEST_CASE("A word of a later version is left out and a broken directory is refused whole") {
    const Given given;
    const Entry entry{given.health, key_list(given.health, 3), {"safe_hours", "carrier_pigeon"}};
    const auto read = Directory::read(organisations_json({entry}), given.pins, kNow).value();
    CHECK(read.find(given.health.id)->honours == WordSet<SafetyFlag>{SafetyFlag::safe_hours});
    for (
        const std::string broken :
        {"", "[]", R"({"organisations":{}})", R"({"organisations":[{"id":"health"}]})",
         R"({"organisations":[{"id":"Health","kind":"NGO","status":"active"}]})",
         R"({"organisations":[{"id":"health","kind":"NGO","status":"active"},{"id":"health","kind":"NGO","status":"active"}]})"}) {
        CAPTURE(broken);
        CHECK_FALSE(Directory::read(broken, given.pins, kNow));
    }
}

TEST_CASE("A pin comes from an agreement that our own body signed and from no other") {
    const Party own = party("ssd-5000");
    const Party health = party("health");
    const auto ours = statement::sign_agreement(agreement_of(own, health), own.root_signer(), kToday);
    const auto pinned = pin_of_agreement({ours, {}}, own.id, own.root(), kNow);
    REQUIRE(pinned);
    CHECK(pinned->body == health.id);
    CHECK(pinned->root == health.root().key().spki_sha256());
    CHECK(pinned->act == statement::AgreementAct::propose);
    const auto theirs = statement::sign_agreement(agreement_of(own, health), health.root_signer(), kToday);
    CHECK_FALSE(pin_of_agreement({theirs, {}}, own.id, own.root(), kNow));
}
