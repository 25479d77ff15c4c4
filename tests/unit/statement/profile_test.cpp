// What an organisation's adapter can do is believed for its own signature alone.
// Method: one good declaration; each case changes one fact and signs again.
#include "schemas/statement/profile.h"

#include <catch2/catch.hpp>

#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;
using contract::Code;
using contract::SafetyFlag;

namespace {

struct Declared {
    Party health = party("health");
    KeyList keys{health.id, 3, {health.signing}, {health.encryption}, kNow + 24h * 30};
    Profile profile{health.id,
                    "hub.example/log",
                    {3, 2},
                    {contract::parse_fingerprint("0000000000000001").value(),
                     contract::parse_fingerprint("a000000000000000").value()},
                    {SafetyFlag::contact_prohibited, SafetyFlag::neutral_name}};

    [[nodiscard]] std::string jws(contract::Day iat = kToday) const {
        return sign_profile(profile, health.signer(), iat);
    }
    [[nodiscard]] ProfileDemand demand() const { return {"hub.example/log", keys, kNow}; }
    [[nodiscard]] std::string verdict(const std::string& text) const {
        const auto verified = verify_profile(text, demand());
        return verified ? "ok" : std::string(contract::text(verified.error()));
    }
    [[nodiscard]] std::string changed(std::string_view from, std::string_view to) const {
        const std::string good = jws();
        const auto begin = good.find('.') + 1;
        const auto bytes = contract::from_base64url(good.substr(begin, good.rfind('.') - begin)).value();
        const std::string claims = replaced({bytes.begin(), bytes.end()}, from, to);
        return verdict(sign(health.signer(), kProfileType, kToday, claims));
    }
};

}  // namespace

TEST_CASE("A declaration reads back as it was made") {
    const Declared given;
    const auto verified = verify_profile(given.jws(), given.demand());
    REQUIRE(verified);
    CHECK(verified->profile.organisation == given.health.id);
    CHECK(verified->profile.place == ProfilePlace{3, 2});
    CHECK(verified->profile.reads == given.profile.reads);
    CHECK(verified->profile.honours == given.profile.honours);
    CHECK(verified->declared == kToday);
    CHECK(verified->certificate == given.health.signing.thumbprint());
}

TEST_CASE("A body may say that it reads and honours nothing") {
    Declared given;
    given.profile.reads.clear();
    given.profile.honours = {};
    CHECK(given.verdict(given.jws()) == "ok");
}

TEST_CASE("Only a signing key of the body's current list declares for it") {
    Declared given;
    const Party impostor = party("health");
    CHECK(given.verdict(sign_profile(given.profile, impostor.signer(), kToday)) == "certificate_unknown");
    CHECK(given.verdict(sign_profile(given.profile, given.health.root_signer(), kToday)) ==
          "certificate_unknown");
    std::string broken = given.jws();
    broken.back() = broken.back() == 'A' ? 'B' : 'A';
    CHECK(given.verdict(broken) == "signature_invalid");
    given.keys.signing = {impostor.signing};
    CHECK(given.verdict(given.jws()) == "certificate_unknown");
}

TEST_CASE("A declaration is of one body and for one log") {
    const Declared given;
    CHECK(given.changed(R"("org":"health")", R"("org":"housing")") == "statement_invalid");
    CHECK(given.changed(R"("hub.example/log")", R"("hub.example/log/2")") == "wrong_log");
    CHECK(given.changed(R"("hub.example/log")", R"("hub example")") == "statement_invalid");
}

TEST_CASE("A declaration under a later key list than the one that is known is not taken") {
    const Declared given;
    CHECK(given.changed(R"("keys":3)", R"("keys":2)") == "ok");
    CHECK(given.changed(R"("keys":3)", R"("keys":4)") == "statement_invalid");
    CHECK(given.changed(R"("keys":3)", R"("keys":0)") == "statement_invalid");
    CHECK(given.changed(R"("serial":2)", R"("serial":0)") == "statement_invalid");
}

TEST_CASE("A declaration counts for ninety days and never before its day") {
    const Declared given;
    CHECK(given.verdict(given.jws(kToday - std::chrono::days{90})) == "ok");
    CHECK(given.verdict(given.jws(kToday - std::chrono::days{91})) == "clock_skew");
    CHECK(given.verdict(given.jws(kToday + std::chrono::days{1})) == "clock_skew");
}

TEST_CASE("Who declares anew reads the number of a declaration that has run out") {
    const Declared given;
    ProfileDemand demand = given.demand();
    demand.also_run_out = true;
    const auto old = verify_profile(given.jws(kToday - std::chrono::days{91}), demand);
    REQUIRE(old);
    CHECK(old->profile.place.serial == 2);
    CHECK(old->has_run_out(kNow));
    CHECK_FALSE(old->has_run_out(kNow - std::chrono::days{1}));
    CHECK_FALSE(verify_profile(given.jws(kToday + std::chrono::days{1}), demand));
}

TEST_CASE("A flag of a later version is left out and a list out of order is refused") {
    const Declared given;
    CHECK(given.changed(R"("contact-prohibited","neutral_name")", R"("carrier_pigeon","neutral_name")") ==
          "ok");
    CHECK(given.changed(R"("contact-prohibited","neutral_name")", R"("neutral_name","contact-prohibited")") ==
          "statement_invalid");
    CHECK(given.changed(R"("contact-prohibited",)", R"("neutral_name",)") == "statement_invalid");
    CHECK(given.changed(R"("0000000000000001")", R"("0000000000000001","0000000000000001")") ==
          "statement_invalid");
    CHECK(given.changed(R"("0000000000000001")", R"("000000000000000G")") == "statement_invalid");
}

TEST_CASE("A claim too few or too many is refused") {
    for (const auto& [from, to] : kOtherSpellings) {
        CAPTURE(from, to);
        CHECK(Declared().changed(from, to) == "statement_invalid");
    }
    const Declared given;
    CHECK(given.changed(R"("v":1,)", R"("v":2,)") == "statement_invalid");
    CHECK(given.changed(R"("v":1,)", "") == "statement_invalid");
    CHECK(given.changed(R"("v":1,)", R"("v":1,"more":1,)") == "statement_invalid");
}

TEST_CASE("Which of two declarations is the later is said by key list and then by number") {
    CHECK(ProfilePlace{2, 9} < ProfilePlace{3, 1});
    CHECK(ProfilePlace{3, 1} < ProfilePlace{3, 2});
    CHECK_FALSE(ProfilePlace{3, 2} < ProfilePlace{3, 2});
}

TEST_CASE("What would be refused is not signed") {
    Declared given;
    given.profile.place.serial = 0;
    CHECK_THROWS_AS(given.jws(), std::logic_error);
    given.profile.place.serial = 1;
    given.profile.reads.push_back(given.profile.reads.front());
    CHECK_THROWS_AS(given.jws(), std::logic_error);
}
