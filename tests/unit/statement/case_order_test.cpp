// A case is opened, and her code made anew, on the signed word of a body and not on its connection alone.
// What every signed order has in common is told in officer_entry_test.cpp; here is what these two say.
#include "schemas/statement/case_order.h"

#include <catch2/catch.hpp>

#include "schemas/contract/limits.h"
#include "tests/unit/statement/parties.h"

using namespace kesher::statement;
namespace contract = kesher::contract;
namespace limits = contract::limits;

namespace {

contract::Pseudonym her_name() { return contract::Pseudonym::of_random({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}); }

struct Ordered {
    Party health = party("health");
    KeyList keys{health.id, 3, {health.signing}, {health.encryption}, kNow + 24h * 30};
    OrderingOfficer officer{contract::OfficerId::parse("w-17").value(), contract::OfficerRole::social_worker};
    CaseOrder order{health.id,
                    "hub.example/log",
                    kNow,
                    contract::RequestId::parse("6f2c1d0e-9a7b-4c3d-8e5f-001122334455").value(),
                    officer,
                    false,
                    contract::Door::department};
    ClaimCodeOrder code{health.id, "hub.example/log", kNow, her_name(), officer};

    [[nodiscard]] OrderDemand demand() const { return {"hub.example/log", keys, kNow}; }
    [[nodiscard]] std::string jws() const { return sign_case_order(order, health.signer()); }
    [[nodiscard]] std::string code_jws() const { return sign_claim_code_order(code, health.signer()); }
    [[nodiscard]] std::string verdict(const std::string& text) const {
        return word_of(verify_case_order(text, demand()));
    }
    [[nodiscard]] std::string code_verdict(const std::string& text) const {
        return word_of(verify_claim_code_order(text, demand()));
    }
    [[nodiscard]] std::string changed(std::string_view from, std::string_view to) const {
        return verdict(sign(health.signer(), kCaseOrderType, kToday, replaced(claims(jws()), from, to)));
    }
    [[nodiscard]] std::string code_changed(std::string_view from, std::string_view to) const {
        return code_verdict(
            sign(health.signer(), kClaimCodeOrderType, kToday, replaced(claims(code_jws()), from, to)));
    }
    static std::string claims(const std::string& good) {
        const auto begin = good.find('.') + 1;
        const auto bytes = contract::from_base64url(good.substr(begin, good.rfind('.') - begin)).value();
        return {bytes.begin(), bytes.end()};
    }
    template <class Verified>
    static std::string word_of(const Verified& verified) {
        return verified ? "ok" : std::string(contract::text(verified.error()));
    }
};

}  // namespace

TEST_CASE("An order reads back as it was signed and names its document and who signed it") {
    const Ordered given;
    const auto order = verify_case_order(given.jws(), given.demand());
    REQUIRE(order);
    CHECK(order->says == given.order);
    CHECK(order->certificate == given.health.signing.thumbprint());
    const auto code = verify_claim_code_order(given.code_jws(), given.demand());
    REQUIRE(code);
    CHECK(code->says == given.code);
    CHECK(code->certificate == given.health.signing.thumbprint());
}

TEST_CASE("Only a signing key of the body's list in force orders anything of a case") {
    const Ordered given;
    const Party impostor = party("health");
    CHECK(given.verdict(sign_case_order(given.order, impostor.signer())) == "certificate_unknown");
    CHECK(given.verdict(sign_case_order(given.order, given.health.root_signer())) == "certificate_unknown");
    CHECK(given.code_verdict(sign_claim_code_order(given.code, impostor.signer())) == "certificate_unknown");
}

TEST_CASE("One kind of order is never taken for the other nor for any other document") {
    const Ordered given;
    CHECK(given.verdict(given.code_jws()) == "signature_invalid");
    CHECK(given.code_verdict(given.jws()) == "signature_invalid");
    CHECK(given.verdict(sign(given.health.signer(), kStatementType, kToday, Ordered::claims(given.jws()))) ==
          "signature_invalid");
}

TEST_CASE("An order is of one body and for one log and handed in within three days") {
    Ordered given;
    CHECK(given.changed(R"("org":"health")", R"("org":"housing")") == "statement_invalid");
    CHECK(given.changed(R"("hub.example/log")", R"("hub.example/log/2")") == "wrong_log");
    CHECK(given.code_changed(R"("hub.example/log")", R"("hub.example/log/2")") == "wrong_log");
    given.order.at = kNow - limits::kStatementAgeMax;
    given.code.at = given.order.at;
    CHECK(given.verdict(given.jws()) == "ok");
    CHECK(given.code_verdict(given.code_jws()) == "ok");
    given.order.at -= 1ms;
    given.code.at = given.order.at;
    CHECK(given.verdict(given.jws()) == "clock_skew");
    CHECK(given.code_verdict(given.code_jws()) == "clock_skew");
}

TEST_CASE("A claim of an order too few or too many or of another form is refused") {
    for (const auto& [from, to] : kOtherSpellings) {
        CAPTURE(from, to);
        CHECK(Ordered().changed(from, to) == "statement_invalid");
        CHECK(Ordered().code_changed(from, to) == "statement_invalid");
    }
    const Ordered given;
    CHECK(given.changed("}", "}") == "ok");
    CHECK(given.changed(R"("v":1,)", R"("v":2,)") == "statement_invalid");
    CHECK(given.changed(R"("v":1,)", R"("v":1,"more":1,)") == "statement_invalid");
    CHECK(given.changed(R"("door":"department")", R"("door":"window")") == "statement_invalid");
    CHECK(given.changed(R"("anonymous":false)", R"("anonymous":0)") == "statement_invalid");
    CHECK(given.changed(R"("id":"6f2c1d0e)", R"("id":"6f2c1d0)") == "statement_invalid");
    CHECK(given.changed(R"("id":"w-17")", R"("id":"000000018")") == "statement_invalid");
    CHECK(given.changed(R"("SOCIAL_WORKER")", R"("QUEEN")") == "statement_invalid");
    CHECK(given.changed(R"("role":)", R"("more":1,"role":)") == "statement_invalid");
    CHECK(given.code_changed("}", "}") == "ok");
    CHECK(given.code_changed(R"("pseudonym":")", R"("pseudonym":"0)") == "statement_invalid");
    CHECK(given.code_changed(R"("v":1,)", R"("v":1,"more":1,)") == "statement_invalid");
}

TEST_CASE("An order that would be refused is not signed") {
    Ordered given;
    given.order.log = "hub example";
    given.code.log = "hub example";
    CHECK_THROWS_AS(given.jws(), std::logic_error);
    CHECK_THROWS_AS(given.code_jws(), std::logic_error);
}
