// What a body orders about its cases goes to the hub signed, by the hub's clock where ours is another.
#include "adapters/kit/own_cases.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/scripted_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

// A hub that takes orders by a clock of its own.
struct Taking final : Transport {
    Taking(const Party& body, Instant at, std::vector<edge::Call>& calls)
        : keys_{body.id, 1, {body.signing}, {}, at + std::chrono::hours{1}}, at_(at), calls_(calls) {}
    Result<edge::Answer, edge::ClientFault> send(const edge::Call& call) override {
        calls_.push_back(call);
        const statement::OrderDemand demand{kOrigin, keys_, at_};
        const auto refusal = call.path == "/v1/cases"
                                 ? code_of(statement::verify_case_order(call.body, demand))
                                 : code_of(statement::verify_claim_code_order(call.body, demand));
        if (!refusal) {
            return answer(201, "application/json",
                          R"({"pseudonym":")" + pseudonym(1).reveal() + R"(","claim_code":"GZ9K-00TT"})");
        }
        return answer(401, "application/problem+json",
                      problem_json(contract::text(*refusal), "no", R"(,"at":")" + text(at_) + '"'));
    }

private:
    template <class Verified>
    static std::optional<Code> code_of(const Verified& verified) {
        return verified ? std::nullopt : std::optional(verified.error());
    }
    statement::KeyList keys_;
    Instant at_;
    std::vector<edge::Call>& calls_;
};

struct Own {
    Party health = party("health");
    SmallLog log{};
    std::vector<edge::Call> calls{};
    statement::OrderingOfficer officer{OfficerId::parse("W1").value(), OfficerRole::social_worker};

    [[nodiscard]] HubClient hub(Instant at) {
        return {std::make_unique<Taking>(health, at, calls), {health.id, log.key(), [] { return kNow; }}};
    }
    [[nodiscard]] Answered<OpenedCase> open(Instant hub_at) {
        HubClient client = hub(hub_at);
        return open_case(client, health.signer(), {id<RequestId>(1), officer, true, Door::ngo});
    }
};

}  // namespace

TEST_CASE("A case is opened by a signed document of this moment that says who asks and for what") {
    Own own;
    const auto opened = own.open(kNow);
    REQUIRE(opened);
    CHECK(opened->pseudonym == pseudonym(1));
    REQUIRE(own.calls.size() == 1);
    CHECK(own.calls[0].method == "POST");
    CHECK(own.calls[0].content_type == "application/jose");
    const statement::KeyList keys{own.health.id, 1, {own.health.signing}, {}, kNow};
    const auto order = statement::verify_case_order(own.calls[0].body, {kOrigin, keys, kNow});
    REQUIRE(order);
    CHECK(order->says == statement::CaseOrder{own.health.id, std::string(kOrigin), kNow, id<RequestId>(1),
                                              own.officer, true, Door::ngo});
}

TEST_CASE("A fresh claim code is ordered for the case that the call is about") {
    Own own;
    HubClient client = own.hub(kNow);
    REQUIRE(new_claim_code(client, own.health.signer(), pseudonym(2), own.officer));
    REQUIRE(own.calls.size() == 1);
    CHECK(own.calls[0].path == "/v1/cases/" + pseudonym(2).reveal() + "/claim-code");
    const statement::KeyList keys{own.health.id, 1, {own.health.signing}, {}, kNow};
    const auto order = statement::verify_claim_code_order(own.calls[0].body, {kOrigin, keys, kNow});
    REQUIRE(order);
    CHECK(order->says.pseudonym == pseudonym(2));
    CHECK(order->says.officer == own.officer);
}

TEST_CASE("A hub whose clock is another is asked once more by its own") {
    Own own;
    CHECK(own.open(kNow + std::chrono::days{5}));
    CHECK(own.calls.size() == 2);
}

TEST_CASE("Any other refusal is not asked again") {
    Own own;
    HubClient client = own.hub(kNow);
    const Party impostor = party("health");
    const auto opened = open_case(client, impostor.signer(), {id<RequestId>(1), own.officer, false, {}});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Code::certificate_unknown);
    CHECK(own.calls.size() == 1);
}
