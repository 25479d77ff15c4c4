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
        return Directory::read(organisations_json({{health, keys}}), pins, kOrigin, kNow).value();
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
        Directory::read(organisations_json({{impostor, key_list(impostor, 5)}}), given.pins, kOrigin, kNow);
    REQUIRE(read);
    CHECK_FALSE(read->find(given.health.id)->keys);
    CHECK(read->find(given.health.id)->why_not == Code::key_unpinned);
    CHECK(read->newer_serials().empty());
}

TEST_CASE("What a body reads and honours is what it signed and not what the hub says") {
    const Given given;
    const auto read = [&](const std::string& profile, std::string_view log = kOrigin) {
        const Entry entry{given.health, key_list(given.health, 3), profile};
        const auto directory = Directory::read(organisations_json({entry}), given.pins, log, kNow).value();
        const Member member = *directory.find(given.health.id);
        CHECK(member.reads.empty() == !member.declared);
        CHECK(directory.awaits_somebody() == !member.declared);
        return member;
    };
    const auto signed_one = profile_of(given.health, {SafetyFlag::safe_hours});
    CHECK(read(signed_one).honours == WordSet<SafetyFlag>{SafetyFlag::safe_hours});
    CHECK(read(signed_one).declared);
    CHECK_FALSE(read("").declared);
    CHECK(read("").honours.empty());
    CHECK_FALSE(read(profile_of(party("health"))).declared);
    CHECK(read(profile_of(party("health"))).honours.empty());
    CHECK_FALSE(read(signed_one, "other.example/log").declared);
    CHECK_FALSE(read(signed_one + "A").declared);
}

TEST_CASE("A declaration that came before one already seen honours nothing") {
    Given given;
    const auto read = [&](statement::ProfilePlace place) {
        const Entry entry{given.health, key_list(given.health, 3),
                          profile_of(given.health, kEveryFlag, place)};
        return Directory::read(organisations_json({entry}), given.pins, kOrigin, kNow).value();
    };
    CHECK(read({2, 7}).newer_profiles().at(given.health.id) == statement::ProfilePlace{2, 7});
    given.pins.at(given.health.id).profile_seen = {2, 7};
    CHECK(read({2, 7}).find(given.health.id)->declared);
    CHECK(read({2, 7}).newer_profiles().empty());
    CHECK(read({3, 1}).newer_profiles().at(given.health.id) == statement::ProfilePlace{3, 1});
    CHECK_FALSE(read({2, 6}).find(given.health.id)->declared);
    CHECK_FALSE(read({1, 9}).find(given.health.id)->declared);
    CHECK(read({1, 9}).newer_profiles().empty());
}

TEST_CASE("A body without keys that we believe has declared nothing that we believe") {
    Given given;
    given.pins.clear();
    const auto read = given.read(key_list(given.health, 3));
    CHECK_FALSE(read.find(given.health.id)->declared);
    CHECK_FALSE(read.awaits_somebody());  // it is no partner of ours
}

TEST_CASE("A broken directory is refused whole") {
    const Given given;
    for (
        const std::string broken :
        {"", "[]", R"({"organisations":{}})", R"({"organisations":[{"id":"health"}]})",
         R"({"organisations":[{"id":"Health","kind":"NGO","status":"active"}]})",
         R"({"organisations":[{"id":"health","kind":"NGO","status":"active"},{"id":"health","kind":"NGO","status":"active"}]})"}) {
        CAPTURE(broken);
        CHECK_FALSE(Directory::read(broken, given.pins, kOrigin, kNow));
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
