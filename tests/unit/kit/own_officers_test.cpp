// An officer's entry goes to the hub signed, by the hub's clock where ours is another.
#include "adapters/kit/own_officers.h"

#include <catch2/catch.hpp>

#include "tests/unit/kit/scripted_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;
using statement::OfficerEntry;

namespace {

// A hub that takes entries by a clock of its own.
struct Taking final : Transport {
    Taking(const Party& body, Instant at, std::vector<edge::Call>& calls)
        : keys_{body.id, 1, {body.signing}, {}, at + std::chrono::hours{1}}, at_(at), calls_(calls) {}
    Result<edge::Answer, edge::ClientFault> send(const edge::Call& call) override {
        calls_.push_back(call);
        const auto said = statement::verify_officer_entry(call.body, {kOrigin, keys_, at_});
        if (said) return answer(201, "application/json", "{}");
        return answer(401, "application/problem+json",
                      problem_json(contract::text(said.error()), "no", R"(,"at":")" + text(at_) + '"'));
    }

private:
    statement::KeyList keys_;
    Instant at_;
    std::vector<edge::Call>& calls_;
};

struct Own {
    Party health = party("health");
    SmallLog log{};
    std::vector<edge::Call> calls{};

    [[nodiscard]] Answered<json::Value> put(Instant hub_at, const statement::Signer& signer) {
        HubClient hub(std::make_unique<Taking>(health, hub_at, calls),
                      {health.id, log.key(), [] { return kNow; }});
        return put_officer(hub, signer,
                           OfficerEntry{health.id,
                                        std::string(kOrigin),
                                        OfficerId::parse("W1").value(),
                                        {},
                                        {OfficerRole::caseworker},
                                        kToday});
    }
};

}  // namespace

TEST_CASE("An officer's entry goes to her own address as a signed document of this moment") {
    Own own;
    REQUIRE(own.put(kNow, own.health.signer()));
    REQUIRE(own.calls.size() == 1);
    CHECK(own.calls[0].method == "PUT");
    CHECK(own.calls[0].path == "/v1/officers/W1");
    CHECK(own.calls[0].content_type == "application/jose");
}

TEST_CASE("A hub with another clock is asked once more by its own") {
    Own own;
    REQUIRE(own.put(kNow + std::chrono::days{5}, own.health.signer()));
    CHECK(own.calls.size() == 2);
}

TEST_CASE("Any other refusal of an entry is final") {
    Own own;
    const auto answered = own.put(kNow, party("health").signer());
    REQUIRE_FALSE(answered);
    CHECK(answered.error().code == Code::certificate_unknown);
    CHECK(own.calls.size() == 1);
}

TEST_CASE("A training is given for 24 months at most, to the day") {
    const contract::Day last = kToday + contract::limits::kTrainingValidMax;
    CHECK(judge_training(last, kNow));
    const auto longer = judge_training(last + std::chrono::days{1}, kNow);
    REQUIRE_FALSE(longer);
    CHECK(longer.error().sentence == "no training is valid for more than 24 months: on " + text(kToday) +
                                         " the last day that can be given is " + text(last));
}
