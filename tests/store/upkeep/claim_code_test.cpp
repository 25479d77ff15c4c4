// A fresh claim code: for the body that opened the case alone, and the one before is dead.
#include <catch2/catch.hpp>

#include "schemas/contract/limits.h"
#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using tests::World;

namespace {

const std::string kOfficer = R"({"actor":{"id":"w-17","role":"SOCIAL_WORKER"}})";

struct Lost : tests::Asked {
    Pseudonym woman = world.open_case(world.department);

    edge::Response ask(const tests::Body& body, const std::string& pseudonym, const std::string& text) {
        edge::Request request{.method = "POST", .route = "/v1/cases/{pseudonym}/claim-code"};
        request.captures = {{"pseudonym", pseudonym}};
        request.body.assign(text.begin(), text.end());
        return http::post_claim_code(rooms, caller(body), request);
    }
    edge::Response ask() { return ask(world.department, woman.reveal(), kOfficer); }
    bool is_alive(const keys::ClaimCode& code) {
        return world.count("case_file WHERE claim = '\\x" + hex(world.claim_codes().stored(code).view()) +
                           "'") == 1;
    }
    static keys::ClaimCode code_in(const edge::Response& response) {
        const auto body = json::read(response.body).value();
        return keys::ClaimCode::parse(*body.find("claim_code")->text()).value();
    }
    log::Record last() { return world.leaves().back().record; }
};

}  // namespace

TEST_CASE("A fresh code is alive and the one before is dead and both are in the log without the code") {
    Lost it;
    const edge::Response first = it.ask();
    REQUIRE(first.status == 201);
    const auto code = Lost::code_in(first);
    CHECK(it.is_alive(code));
    const edge::Response second = it.ask();
    CHECK_FALSE(it.is_alive(code));
    CHECK(it.is_alive(Lost::code_in(second)));
    const log::Record record = it.last();
    CHECK(record.event == log::RecordEvent::case_);
    CHECK(record.operation->text() == "claim-code");
    CHECK(record.actor->text() == "w-17");
    CHECK(record.subject);
    for (const tests::Leaf& leaf : it.world.leaves()) {
        CHECK(log::write(leaf.record).find(Lost::code_in(second).reveal()) == std::string::npos);
    }
}

TEST_CASE("A body that only knows a name of the case gets the answer for an unknown one") {
    Lost it;
    const auto consent = it.world.agree(it.woman, it.world.health);
    (void)it.world.refer(it.woman, it.world.health, consent);
    const auto delivery = it.world.poll(it.world.health).at(0);
    const edge::Response known = it.ask(it.world.health, delivery.pseudonym.reveal(), kOfficer);
    const edge::Response unknown = it.ask(it.world.health, keys::new_pseudonym().reveal(), kOfficer);
    CHECK(known.status == 404);
    CHECK(known.body == unknown.body);
    CHECK(it.ask(it.world.health, it.woman.reveal(), kOfficer).body == unknown.body);
}

TEST_CASE("Five codes a day and the sixth is refused until the next day") {
    Lost it;
    for (int count = 0; count < limits::kClaimCodesPerDay; ++count) REQUIRE(it.ask().status == 201);
    const edge::Response sixth = it.ask();
    CHECK(sixth.status == 409);
    CHECK(it.last().code == Code::event_not_allowed);
    it.world.pass(std::chrono::hours{24});
    CHECK(it.ask().status == 201);
}

TEST_CASE("An officer who may open no case gets no code and nobody gets one without an officer") {
    Lost it;
    CHECK(it.ask(it.world.department, it.woman.reveal(), R"({"actor":{"id":"w-18","role":"SOCIAL_WORKER"}})")
              .status == 403);
    const auto leaves = it.world.count("log_entry");
    CHECK(it.ask(it.world.department, it.woman.reveal(), "{}").status == 422);
    CHECK(it.world.count("log_entry") == leaves);
}

TEST_CASE("A question that is not of the form is refused and a lapsed case has no code any more") {
    Lost it;
    CHECK(it.ask(it.world.department, it.woman.reveal(), "").status == 422);
    CHECK(it.ask(it.world.department, it.woman.reveal(), R"({"actor":{}})").status == 422);
    CHECK(it.ask(it.world.department, "her name", kOfficer).status == 404);
    it.world.as_superuser("UPDATE case_file SET claim = NULL");
    CHECK(it.ask().status == 404);
}
