// A refusal says what happened, whose side it is, and whether asking again helps; nothing more.
// Method: exact JSON.
#include <catch2/catch.hpp>

#include "gateway/edge/problem.h"

using namespace kesher;
using namespace kesher::edge;
using contract::Code;

TEST_CASE("A problem has the published members of its code") {
    CHECK(problem_json({.code = Code::not_found}) ==
          "{\"type\":\"urn:kesher:problem:not_found\",\"title\":\"Unknown, or not this "
          "caller's.\",\"status\":404,"
          "\"code\":\"not_found\",\"side\":\"sender\",\"retry\":\"no\",\"remedy\":\"Check the id.\"}");
}

TEST_CASE("A problem carries incident time and receipt members flat and escaped") {
    const auto incident = contract::IncidentId::parse("6f1de6a4-6d0c-4c61-9a53-4d0f3f0a1b2c");
    const std::string json = problem_json({.code = Code::clock_skew,
                                           .incident = incident,
                                           .at = contract::Instant{std::chrono::milliseconds{1'000}},
                                           .extra = {{"index", std::uint64_t{17}}, {"leaf", "a\nb\n"}}});
    CHECK(json.ends_with(
        ",\"incident\":\"6f1de6a4-6d0c-4c61-9a53-4d0f3f0a1b2c\",\"at\":\"1970-01-01T00:00:01.000Z\","
        "\"index\":17,\"leaf\":\"a\\nb\\n\"}"));
}

TEST_CASE("A code that helps later says after how many seconds in body and header") {
    const Response said = problem_response({.code = Code::busy, .retry_after = std::chrono::seconds{9}});
    CHECK(said.status == 429);
    CHECK(said.content_type == "application/problem+json");
    CHECK(said.refusal == Code::busy);
    CHECK(said.body.find("\"retry\":\"after 9\"") != std::string::npos);
    REQUIRE(said.headers.size() == 2);
    CHECK(said.headers[1].name == "Retry-After");
    CHECK(said.headers[1].value == "9");
    CHECK(problem_json({.code = Code::busy}).find("\"retry\":\"after 2\"") != std::string::npos);
    const Response same = problem_response({.code = Code::deadline, .retry_after = std::chrono::seconds{9}});
    CHECK(same.body.find("\"retry\":\"same\"") != std::string::npos);
    CHECK(same.headers.size() == 1);
}

TEST_CASE("Every published code makes a problem with its status") {
    for (std::size_t i = 0; i < contract::kCodeCount; ++i) {
        const auto code = static_cast<Code>(i);
        const Response response = problem_response({.code = code});
        CHECK(response.status == contract::facts_of(code).status);
        CHECK(response.body.find('"' + std::string(contract::text(code)) + '"') != std::string::npos);
    }
}
