// The newcomers' door: a wall, except while a token is outstanding.
#include <catch2/catch.hpp>

#include "gateway/identity/organisations.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"
#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using tests::World;

namespace {

struct Newcomers : tests::Asked {
    Newcomers() { world.pass(std::chrono::hours{24}); }  // those by which its bodies enrolled have run out

    std::string knock(const std::string& text = "{}") {
        edge::Request request{.method = "POST", .route = "/v1/enrolment"};
        request.body.assign(text.begin(), text.end());
        return tests::code_of(http::post_enrolment(rooms, request));
    }
    OrganisationId labor = OrganisationId::parse("labor").value();
    // Gives its digest.
    Digest hand_out_token() {
        const Digest token = statement::sha256(statement::random_bytes<16>());
        const auto answer = world.hub().run(std::make_shared<identity::AddOrganisation>(
            identity::Asker{}, identity::AddOrganisation::Order{labor, OrganisationKind::public_body, token,
                                                                world.now() + std::chrono::hours{24}}));
        REQUIRE_FALSE(answer.code);
        return token;
    }
    std::optional<Code> enter(const identity::EnrolmentRequest& request) {
        return world.hub()
            .run(std::make_shared<identity::Enrol>(request, world.keys().authority(),
                                                   std::string(World::kHub), "{}"))
            .code;
    }
};

}  // namespace

TEST_CASE("Without a token that is outstanding the door says nothing of what it would take") {
    Newcomers it;
    const auto leaves = it.leaves();
    for (const std::string text : {"{}", "", "not JSON", R"({"token":"AAAA"})"}) {
        CHECK(it.knock(text) == "not_found");
    }
    CHECK(it.leaves() == leaves);
}

TEST_CASE("While one is outstanding a newcomer hears what is wrong and a day later nothing any more") {
    Newcomers it;
    (void)it.hand_out_token();
    CHECK(it.knock() == "statement_invalid");
    it.world.pass(std::chrono::hours{24} - std::chrono::milliseconds{1});
    CHECK(it.knock() == "statement_invalid");
    it.world.pass(std::chrono::milliseconds{1});
    CHECK(it.knock() == "not_found");
}

TEST_CASE("Who has a copy of a token and nothing that fits it fills no log however often it tries") {
    constexpr auto kLogged = limits::kVerifiedRefusalsPerMinute;
    Newcomers it;
    const tests::Body body(it.labor, OrganisationKind::public_body, it.world.now());
    const auto right = body.enrolment(it.hand_out_token(), std::string(World::kHub), it.world.now());
    auto wrong = right;
    wrong.witness = "another hub's";
    const auto leaves = it.leaves();
    for (std::size_t n = 0; n < kLogged + 3; ++n) CHECK(it.enter(wrong) == Code::statement_invalid);
    CHECK(it.leaves() == leaves + kLogged);
    const auto counted = it.world.refusals().take(it.world.now(), true);
    REQUIRE(counted.size() == 1);
    CHECK(counted.front().organisation == it.labor);
    CHECK(counted.front().code == Code::statement_invalid);
    CHECK(counted.front().count == 3);
    it.world.pass(std::chrono::minutes{1});
    CHECK(it.enter(wrong) == Code::statement_invalid);
    CHECK(it.leaves() == leaves + kLogged + 1);
    CHECK_FALSE(it.enter(right));
}
