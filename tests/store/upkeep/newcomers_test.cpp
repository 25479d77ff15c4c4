// The newcomers' door: a wall, except while a token is outstanding.
#include <catch2/catch.hpp>

#include "gateway/identity/organisations.h"
#include "schemas/statement/hash.h"
#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;

namespace {

struct Newcomers : tests::Asked {
    Newcomers() { world.pass(std::chrono::hours{24}); }  // those by which its bodies enrolled have run out

    std::string knock(const std::string& text = "{}") {
        edge::Request request{.method = "POST", .route = "/v1/enrolment"};
        request.body.assign(text.begin(), text.end());
        return tests::code_of(http::post_enrolment(rooms, request));
    }
    void hand_out_token() {
        const auto answer = world.hub().run(std::make_shared<identity::AddOrganisation>(
            identity::Asker{},
            identity::AddOrganisation::Order{
                OrganisationId::parse("labor").value(), OrganisationKind::public_body,
                statement::sha256(statement::random_bytes<16>()), world.now() + std::chrono::hours{24}}));
        REQUIRE_FALSE(answer.code);
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
    it.hand_out_token();
    CHECK(it.knock() == "statement_invalid");
    it.world.pass(std::chrono::hours{24} - std::chrono::milliseconds{1});
    CHECK(it.knock() == "statement_invalid");
    it.world.pass(std::chrono::milliseconds{1});
    CHECK(it.knock() == "not_found");
}
