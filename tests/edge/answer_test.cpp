// Every request that can be read gets an answer that says what to do next and nothing about a person.
// Method: raw requests; the log and the metrics are searched for what must not be there.
#include <catch2/catch.hpp>

#include "tests/edge/listener.h"

using namespace kesher;
using namespace kesher::tests;

namespace {

RawAnswer asked(Listener& listener, const std::string& bytes) {
    RawLine line(listener.port());
    line.send(bytes);
    return line.answer();
}

}  // namespace

TEST_CASE(
    "A fault of a handler is a 500 with an incident that the log knows and the next request is served") {
    Listener listener;
    const RawAnswer answer = asked(listener, get("/v1/fault"));
    CHECK(answer.status == 500);
    CHECK(answer.has("\"code\":\"internal\""));
    const std::size_t at = answer.body.find("\"incident\":\"");
    REQUIRE(at != std::string::npos);
    const std::string incident = answer.body.substr(at + 12, 36);
    CHECK(listener.log_text().find("\"event\":\"handler-fault\"") != std::string::npos);
    CHECK(listener.log_text().find(incident) != std::string::npos);
    CHECK(asked(listener, get("/v1/echo")).status == 200);
}

TEST_CASE("The text of a fault is in neither the answer nor the log since it may quote a row") {
    Listener listener;
    const RawAnswer answer = asked(listener, get("/v1/fault"));
    CHECK_FALSE(answer.has("secret"));
    CHECK(listener.log_text().find("secret") == std::string::npos);
    CHECK(listener.log_text().find("std::runtime_error") != std::string::npos);
}

TEST_CASE("A fault that is no exception of the library is a 500 too") {
    Listener listener;
    CHECK(asked(listener, get("/v1/odd-fault")).status == 500);
}

TEST_CASE("A header of an answer cannot begin another line") {
    Listener listener;
    const RawAnswer answer = asked(listener, get("/v1/split"));
    CHECK(answer.status == 500);
    CHECK_FALSE(answer.has("Set-Cookie"));
}

TEST_CASE("An unknown path is a 404 problem that is the same for every path") {
    Listener listener;
    const RawAnswer answer = asked(listener, get("/v1/nowhere"));
    CHECK(answer.status == 404);
    CHECK(answer.has("Content-Type: application/problem+json"));
    CHECK(answer.body == edge::problem_json({.code = contract::Code::not_found}));
    CHECK(asked(listener, get("/elsewhere/17")).body == answer.body);
}

TEST_CASE("A wrong method is a 405 that says which are allowed") {
    Listener listener;
    const RawAnswer answer = asked(listener, "DELETE /v1/echo HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(answer.status == 405);
    CHECK(answer.has("\"code\":\"method_not_allowed\""));
    CHECK(answer.has("Allow: GET, POST\r\n"));
}

TEST_CASE("Every answer has a date its length and no store") {
    Listener listener;
    for (const std::string path : {"/v1/echo", "/v1/nowhere", "/v1/fault"}) {
        const RawAnswer answer = asked(listener, get(path));
        CHECK(answer.has("\r\nDate: "));
        CHECK(answer.has(" GMT\r\n"));
        CHECK(answer.has("\r\nContent-Length: "));
        CHECK(answer.has("\r\nCache-Control: no-store\r\n"));
        CHECK(answer.has("\r\nX-Content-Type-Options: nosniff\r\n"));
    }
}

TEST_CASE("Neither the log nor a metric holds a path or a query but the template") {
    Listener listener;
    asked(listener, get("/v1/cases/1ABCDEFGHJKMNPQRSX?wait=planted"));
    asked(listener, get("/v1/planted-unknown"));
    CHECK(listener.shows(
        "kesher_requests_total{listener=\"test\",route=\"/v1/cases/{pseudonym}\",status=\"200\"} 1"));
    CHECK(listener.shows("kesher_requests_total{listener=\"test\",route=\"unmatched\",status=\"404\"} 1"));
    CHECK(listener.logs("\"route\":\"/v1/cases/{pseudonym}\""));
    CHECK(listener.logs("\"route\":\"unmatched\""));
    for (const std::string& text : {listener.log_text(), listener.numbers()}) {
        CHECK(text.find("1ABCDEFGHJKMNPQRSX") == std::string::npos);
        CHECK(text.find("planted") == std::string::npos);
    }
}

TEST_CASE("A path that two readers could take for two paths is refused") {
    Listener listener;
    for (const std::string path :
         {"/v1/%2e%2e/echo", "/v1/cases/a%2Fb", "/v1/cases/%00", "/v1//echo", "/v1/%zz"}) {
        INFO(path);
        CHECK(asked(listener, get(path)).status == 400);
    }
    CHECK(listener.handled == 0);
}
