// A fresh claim code: for the body that opened the case alone, and the one before is dead.
#include <catch2/catch.hpp>

#include "schemas/contract/limits.h"
#include "schemas/statement/case_order.h"
#include "schemas/statement/hash.h"
#include "tests/store/leaves/told.h"
#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using tests::World;

namespace {

struct Lost : tests::Asked {
    Pseudonym woman = world.open_case(world.department);

    edge::Response ask(const tests::Body& body, const std::string& pseudonym, const std::string& text) {
        edge::Request request{.method = "POST", .route = "/v1/cases/{pseudonym}/claim-code"};
        request.captures = {{"pseudonym", pseudonym}};
        request.body.assign(text.begin(), text.end());
        return http::post_claim_code(rooms, caller(body), request);
    }
    [[nodiscard]] std::string order(const tests::Body& body, const Pseudonym& name,
                                    std::string_view officer = "w-17") const {
        return statement::sign_claim_code_order(
            {.organisation = body.id(),
             .log = std::string(World::kOrigin),
             .at = world.now(),
             .pseudonym = name,
             .officer = {OfficerId::parse(officer).value(), OfficerRole::social_worker}},
            body.signer());
    }
    edge::Response ask(const tests::Body& body, const Pseudonym& name) {
        return ask(body, name.reveal(), order(body, name));
    }
    // Each order a moment later than the last.
    edge::Response ask() {
        world.pass(std::chrono::milliseconds{1});
        return ask(world.department, woman);
    }
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
    const edge::Response known = it.ask(it.world.health, delivery.pseudonym);
    const edge::Response unknown = it.ask(it.world.health, keys::new_pseudonym());
    CHECK(known.status == 404);
    CHECK(known.body == unknown.body);
    CHECK(it.ask(it.world.health, it.woman).body == unknown.body);
}

TEST_CASE(
    "Who asks for a code under a name that it does not have leaves a leaf that says nothing of the name") {
    Lost it;
    for (const Pseudonym& name : {it.woman, keys::new_pseudonym()}) {
        const std::size_t before = it.leaves();
        CHECK(it.ask(it.world.health, name).status == 404);
        REQUIRE(it.leaves() == before + 1);
        const log::Record record = it.last();
        CHECK(record.operation->text() == "claim-code");
        CHECK(record.decision == log::Decision::deny);
        CHECK(record.code == Code::not_found);
        CHECK_FALSE(record.subject);
    }
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

TEST_CASE("A body is made fifty codes a day over all its cases and another body is not held up by that") {
    Lost it;
    std::vector<Pseudonym> women;
    while (women.size() * limits::kClaimCodesPerDay < limits::kClaimCodesOfOneBody) {
        women.push_back(it.world.open_case(it.world.department));
        for (int count = 0; count < limits::kClaimCodesPerDay; ++count) {
            it.world.pass(std::chrono::milliseconds{1});
            REQUIRE(it.ask(it.world.department, women.back()).status == 201);
        }
    }
    CHECK(it.ask().status == 409);
    CHECK(it.last().code == Code::event_not_allowed);
    const Pseudonym elsewhere = it.world.open_case(it.world.nii);
    it.world.pass(std::chrono::milliseconds{1});
    CHECK(it.ask(it.world.nii, elsewhere).status == 201);
    it.world.pass(std::chrono::hours{24});
    CHECK(it.ask().status == 201);
}

TEST_CASE("An order that was signed before her case was opened makes no code for it") {
    Lost it;
    const Instant opened = it.world.now() - std::chrono::milliseconds{1};  // as the opening's order says
    const auto code_of_order_at = [&](Instant at) {
        const std::string order = statement::sign_claim_code_order(
            {.organisation = it.world.department.id(),
             .log = std::string(World::kOrigin),
             .at = at,
             .pseudonym = it.woman,
             .officer = {OfficerId::parse("w-17").value(), OfficerRole::social_worker}},
            it.world.department.signer());
        return it.ask(it.world.department, it.woman.reveal(), order).status;
    };
    CHECK(code_of_order_at(opened) == 409);
    CHECK(code_of_order_at(opened + std::chrono::milliseconds{1}) == 201);
}

TEST_CASE("An officer who may open no case gets no code") {
    Lost it;
    const std::string order = it.order(it.world.department, it.woman, "w-18");
    CHECK(it.ask(it.world.department, it.woman.reveal(), order).status == 403);
    CHECK(it.last().code == Code::actor_not_allowed);
}

TEST_CASE("An order that was used or that is older than the living code's takes nothing away from her") {
    Lost it;
    const std::string kept = it.order(it.world.department, it.woman);
    it.world.pass(std::chrono::milliseconds{1});
    const std::string newer = it.order(it.world.department, it.woman);
    const edge::Response alive = it.ask(it.world.department, it.woman.reveal(), newer);
    REQUIRE(alive.status == 201);
    for (const std::string& again : {newer, kept}) {
        CHECK(tests::code_of(it.ask(it.world.department, it.woman.reveal(), again)) == "version_conflict");
        CHECK(it.last().code == Code::version_conflict);
    }
    CHECK(it.is_alive(Lost::code_in(alive)));
    CHECK_NOTHROW(it.world.restart());  // the table is what the leaves say
}

TEST_CASE("An order is for the case of its call and the leaf of a wrong one says nothing of her") {
    Lost it;
    const Pseudonym other = it.world.open_case(it.world.department);
    const std::string order = it.order(it.world.department, other);
    CHECK(tests::code_of(it.ask(it.world.department, it.woman.reveal(), order)) == "statement_invalid");
    CHECK(it.last().code == Code::statement_invalid);
}

TEST_CASE("The leaf of a code names the order by its digest and who signed it") {
    Lost it;
    const std::string order = it.order(it.world.department, it.woman);
    REQUIRE(it.ask(it.world.department, it.woman.reveal(), order).status == 201);
    const log::Record record = it.last();
    CHECK(tests::word(record, "document") == tests::word(statement::sha256(order)));
    CHECK(tests::word(record, "signed_by") ==
          tests::word(it.world.department.signer().certificate().thumbprint()));
    CHECK(tests::amount(record, "signed_at") == it.world.now().time_since_epoch().count());
}

TEST_CASE(
    "An order without a signature of the body is counted and leaves no leaf and a lapsed case has no code") {
    Lost it;
    const auto leaves = it.leaves();
    for (const std::string text : {"", "{}", R"({"actor":{"id":"w-17","role":"SOCIAL_WORKER"}})"}) {
        CHECK(tests::code_of(it.ask(it.world.department, it.woman.reveal(), text)) == "signature_invalid");
    }
    CHECK(tests::code_of(it.ask(it.world.department, it.woman.reveal(),
                                it.order(it.world.health, it.woman))) == "certificate_unknown");
    CHECK(it.ask(it.world.department, "her name", it.order(it.world.department, it.woman)).status == 404);
    CHECK(it.leaves() == leaves);
    it.world.as_superuser("UPDATE case_file SET claim = NULL");
    CHECK(it.ask().status == 404);
}
