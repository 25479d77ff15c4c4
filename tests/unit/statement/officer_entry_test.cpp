// Who may act for a body is that body's own signed word, bound to the officer, the log and the moment.
// Method: one good entry; each case changes one fact and signs again.
#include "schemas/statement/officer_entry.h"

#include <catch2/catch.hpp>

#include "schemas/contract/limits.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;
namespace limits = contract::limits;
using contract::OfficerRole;

namespace {

struct Entered {
    Party health = party("health");
    KeyList keys{health.id, 3, {health.signing}, {health.encryption}, kNow + 24h * 30};
    OfficerEntry entry{health.id,
                       "hub.example/log",
                       contract::OfficerId::parse("w-17").value(),
                       kNow,
                       {OfficerRole::caseworker, OfficerRole::social_worker},
                       kToday + std::chrono::days{300}};

    [[nodiscard]] std::string jws() const { return sign_officer_entry(entry, health.signer()); }
    [[nodiscard]] OrderDemand demand() const { return {"hub.example/log", keys, kNow}; }
    [[nodiscard]] std::string verdict(const std::string& text) const {
        const auto verified = verify_officer_entry(text, demand());
        return verified ? "ok" : std::string(contract::text(verified.error()));
    }
    [[nodiscard]] std::string verdict_at(contract::Instant signed_at) const {
        Entered other = *this;
        other.entry.at = signed_at;
        return verdict(other.jws());
    }
    [[nodiscard]] std::string claims() const {
        const std::string good = jws();
        const auto begin = good.find('.') + 1;
        const auto bytes = contract::from_base64url(good.substr(begin, good.rfind('.') - begin)).value();
        return {bytes.begin(), bytes.end()};
    }
    [[nodiscard]] std::string changed(std::string_view from, std::string_view to) const {
        return verdict(sign(health.signer(), kOfficerType, kToday, replaced(claims(), from, to)));
    }
};

}  // namespace

TEST_CASE("An officer's entry reads back as it was signed") {
    const Entered given;
    const auto verified = verify_officer_entry(given.jws(), given.demand());
    REQUIRE(verified);
    CHECK(verified->says == given.entry);
    CHECK(verified->certificate == given.health.signing.thumbprint());
}

TEST_CASE("An officer may be left without any role") {
    Entered given;
    given.entry.roles.clear();
    given.entry.suspended = true;
    const auto verified = verify_officer_entry(given.jws(), given.demand());
    REQUIRE(verified);
    CHECK(verified->says.roles.empty());
    CHECK(verified->says.suspended);
}

TEST_CASE("Only a signing key of the body's list in force makes an officer") {
    Entered given;
    const Party impostor = party("health");
    CHECK(given.verdict(sign_officer_entry(given.entry, impostor.signer())) == "certificate_unknown");
    CHECK(given.verdict(sign_officer_entry(given.entry, given.health.root_signer())) ==
          "certificate_unknown");
    CHECK(given.verdict(given.jws()) == "ok");
    given.keys.signing = {impostor.signing};
    CHECK(given.verdict(given.jws()) == "certificate_unknown");
}

TEST_CASE("A key list counts to the last second that it names") {
    Entered given;
    given.keys.not_after = kNow;
    CHECK(given.verdict(given.jws()) == "ok");
    given.keys.not_after = kNow - 1s;
    CHECK(given.verdict(given.jws()) == "certificate_unknown");
}

TEST_CASE("What is not signed or is signed as another kind of document makes no officer") {
    const Entered given;
    std::string broken = given.jws();
    broken.back() = broken.back() == 'A' ? 'B' : 'A';
    CHECK(given.verdict(broken) == "signature_invalid");
    CHECK(given.verdict(given.claims()) == "signature_invalid");
    CHECK(given.verdict("") == "signature_invalid");
    CHECK(given.verdict(sign(given.health.signer(), kStatementType, kToday, given.claims())) ==
          "signature_invalid");
}

TEST_CASE("An entry is of one body and for one log") {
    const Entered given;
    CHECK(given.changed(R"("org":"health")", R"("org":"housing")") == "statement_invalid");
    CHECK(given.changed(R"("hub.example/log")", R"("hub.example/log/2")") == "wrong_log");
    CHECK(given.changed(R"("hub.example/log")", R"("hub example")") == "statement_invalid");
}

TEST_CASE("An entry is handed in within three days and a clock may be five minutes ahead") {
    const Entered given;
    CHECK(given.verdict_at(kNow - limits::kStatementAgeMax) == "ok");
    CHECK(given.verdict_at(kNow - limits::kStatementAgeMax - 1ms) == "clock_skew");
    CHECK(given.verdict_at(kNow + limits::kClockAhead) == "ok");
    CHECK(given.verdict_at(kNow + limits::kClockAhead + 1ms) == "clock_skew");
}

TEST_CASE("The moment of signing lies within the day that the header says") {
    const Entered given;
    const auto on = [&](contract::Day day) {
        return given.verdict(sign(given.health.signer(), kOfficerType, day, given.claims()));
    };
    CHECK(on(kToday) == "ok");
    CHECK(on(kToday - std::chrono::days{1}) == "statement_invalid");
    CHECK(on(kToday + std::chrono::days{1}) == "statement_invalid");
}

TEST_CASE("Roles are words of the closed list and each stands once and in order") {
    const Entered given;
    const std::string both = R"("CASEWORKER","SOCIAL_WORKER")";
    CHECK(given.changed(both, R"("CASEWORKER")") == "ok");
    CHECK(given.changed(both, R"("SOCIAL_WORKER","CASEWORKER")") == "statement_invalid");
    CHECK(given.changed(both, R"("CASEWORKER","CASEWORKER")") == "statement_invalid");
    CHECK(given.changed(both, R"("QUEEN")") == "statement_invalid");
    CHECK(given.changed(both, "1") == "statement_invalid");
}

TEST_CASE("A claim too few or too many or of another form is refused") {
    for (const auto& [from, to] : kOtherSpellings) {
        CAPTURE(from, to);
        CHECK(Entered().changed(from, to) == "statement_invalid");
    }
    const Entered given;
    CHECK(given.changed(R"("v":1,)", R"("v":2,)") == "statement_invalid");
    CHECK(given.changed(R"("v":1,)", "") == "statement_invalid");
    CHECK(given.changed(R"("v":1,)", R"("v":1,"more":1,)") == "statement_invalid");
    CHECK(given.changed(R"(,"suspended":false)", "") == "statement_invalid");
    CHECK(given.changed(R"("officer":"w-17")", R"("officer":"000000018")") == "statement_invalid");
    CHECK(given.changed(contract::text(given.entry.training_valid_until), "2027-02-30") ==
          "statement_invalid");
    CHECK(given.changed(R"("at":)", R"("at":-)") == "statement_invalid");
}

TEST_CASE("Roles are put in order for whoever signs and what would be refused is not signed") {
    Entered given;
    given.entry.roles = {OfficerRole::social_worker, OfficerRole::caseworker};
    CHECK(given.verdict(given.jws()) == "ok");
    given.entry.roles.push_back(OfficerRole::caseworker);
    CHECK_THROWS_AS(given.jws(), std::logic_error);
    given.entry.roles.clear();
    given.entry.log = "hub example";
    CHECK_THROWS_AS(given.jws(), std::logic_error);
}
