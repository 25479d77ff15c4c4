// Whatever a FHIR server does, the call ends in time with a word that says what to do next.
// Method: a server on the loopback that says what the case wants.
#include "adapters/health/fhir_server.h"

#include <catch2/catch.hpp>

#include "adapters/health/patch_write.h"
#include "schemas/statement/hash.h"
#include "tests/unit/health/canned_server.h"

using namespace kesher;
using namespace kesher::health;
using namespace kesher::health::test;
using namespace std::chrono_literals;
using Kind = ServerFault::Kind;

namespace {

const std::string kTask = R"({"resourceType":"Task","id":"1","status":"requested","meta":{"versionId":"7"}})";

FhirServerSettings at(const CannedServer& canned, std::chrono::milliseconds pause = 0ms) {
    FhirServerSettings settings{.base_url = canned.url()};
    settings.deadline = 400ms;
    settings.pause = pause;
    return settings;
}
ServerFault fault_of_post(const std::string& answer) {
    const CannedServer canned([&](const Request&) { return answer; });
    FhirServer server(at(canned));
    return server.transaction("{}").error();
}
Kind kind_of_post(int status) { return fault_of_post(answered(status, "{}")).kind; }

}  // namespace

TEST_CASE("What the server says of a transaction decides between later and never") {
    for (const int status : {408, 429, 500, 502, 503, 504}) CHECK(kind_of_post(status) == Kind::away);
    for (const int status : {400, 422}) CHECK(kind_of_post(status) == Kind::refused);
    for (const int status : {409, 412}) CHECK(kind_of_post(status) == Kind::changed);
    for (const int status : {401, 403, 404, 405, 410}) CHECK(kind_of_post(status) == Kind::not_allowed);
    CHECK(kind_of_post(413) == Kind::too_large);
    for (const int status : {201, 302}) CHECK(kind_of_post(status) == Kind::malformed);
}

TEST_CASE("A transaction that was sent and not refused may have been done whatever the fault") {
    for (const int status : {201, 302, 408, 500, 502, 503, 504})
        CHECK(is_outcome_unknown(fault_of_post(answered(status, "{}"))));
    for (const int status : {400, 401, 403, 404, 405, 409, 412, 413, 422, 429})
        CHECK_FALSE(is_outcome_unknown(fault_of_post(answered(status, "{}"))));
    CHECK(is_outcome_unknown(fault_of_post("")));                // the line was cut
    CHECK(is_outcome_unknown(fault_of_post("HTTP/1.1 200 x")));  // in the middle of the answer
    CHECK(is_outcome_unknown(fault_of_post("no HTTP\r\n\r\n")));
    CHECK(is_outcome_unknown(fault_of_post(answered(200, std::string(8 * 1024 * 1024 + 1, ' ')))));
    const CannedServer slow([](const Request&) {
        std::this_thread::sleep_for(700ms);
        return answered(200, "{}");
    });
    FhirServer server(at(slow, 1h));
    CHECK(is_outcome_unknown(server.transaction("{}").error()));
    // Within the pause none is tried.
    CHECK_FALSE(is_outcome_unknown(server.transaction("{}").error()));
    CHECK(slow.asked().size() <= 1);
    CHECK_FALSE(is_outcome_unknown(FhirServer({.base_url = "http://127.0.0.1:1"}).transaction("{}").error()));
}

TEST_CASE("A resource that is not there is gone and a refusal keeps nothing but its size") {
    const CannedServer canned([](const Request& request) {
        if (request.line.starts_with("GET ")) return answered(404, "{}");
        return answered(422, R"({"resourceType":"OperationOutcome","issue":[{"severity":"error",)"
                             R"("code":"invalid","diagnostics":"000000018"}]})");
    });
    FhirServer server(at(canned));
    CHECK(server.read("Task/1").error().kind == Kind::gone);
    const ServerFault fault = server.transaction("{}").error();
    CHECK(fault.status == 422);
    CHECK(fault.issues == 1);
}

TEST_CASE("A search that is answered with 404 or 410 does not say that what it asked for is gone") {
    const int status = GENERATE(404, 410);
    const CannedServer canned([&](const Request&) { return answered(status, "{}"); });
    FhirServer server(at(canned));
    CHECK(server.search("Task", "x=y").error().kind == Kind::not_allowed);
    CHECK(server.read("Task/1").error().kind == Kind::gone);
}

TEST_CASE("A server that hangs is away when the deadline is over and is left alone for a while") {
    const CannedServer canned([](const Request&) {
        std::this_thread::sleep_for(700ms);
        return answered(200, kTask);
    });
    FhirServer server(at(canned, 1h));
    CHECK(server.read("Task/1").error().kind == Kind::away);  // whoever waited would have the Task
    CHECK(server.read("Task/1").error().kind == Kind::away);
    CHECK(canned.asked().size() <= 1);
}

TEST_CASE("A server that cannot be reached or says nothing is away") {
    FhirServerSettings nobody{.base_url = "http://127.0.0.1:1"};
    CHECK(FhirServer(nobody).read("Task/1").error().kind == Kind::away);
    const CannedServer mute([](const Request&) { return std::string(); });
    CHECK(FhirServer(at(mute)).read("Task/1").error().kind == Kind::away);
}

TEST_CASE("An answer over the bound is not read and the server is not called away for it") {
    const CannedServer canned(
        [](const Request&) { return answered(200, std::string(8 * 1024 * 1024 + 1, ' ')); });
    FhirServerSettings settings = at(canned, 1h);
    settings.deadline = 5s;
    FhirServer server(settings);
    CHECK(server.read("Task/1").error().kind == Kind::too_large);
    CHECK(server.read("Task/1").error().kind == Kind::too_large);
}

TEST_CASE("An answer that is no resource of the type is not understood") {
    const CannedServer canned(
        [](const Request&) { return answered(200, R"({"resourceType":"Patient","id":"1"})"); });
    FhirServer server(at(canned));
    CHECK(server.read("Task/1").error().kind == Kind::malformed);
    CHECK(server.search("Task", "x=y").error().kind == Kind::malformed);
}

TEST_CASE("The authorization goes with every call and without one there is no header") {
    const CannedServer canned([](const Request&) { return answered(200, kTask); });
    FhirServerSettings settings = at(canned);
    settings.authorization = edge::SecretText("bearer abc");
    CHECK(FhirServer(settings).read("Task/1"));
    CHECK(FhirServer(at(canned)).read("Task/1"));
    const auto asked = canned.asked();
    CHECK(asked.at(0).head.find("authorization: bearer abc\r\n") != std::string::npos);
    CHECK(asked.at(1).head.find("authorization") == std::string::npos);
}

TEST_CASE("A patch names the version that was read and is made anew where somebody was faster") {
    int patched = 0;
    const CannedServer canned([&](const Request& request) {
        if (request.line.starts_with("GET ")) return answered(200, kTask);
        return ++patched == 1 ? answered(412, "{}") : answered(200, R"({"resourceType":"Task"})");
    });
    FhirServer server(at(canned));
    const auto answer = server.amend(
        "Task/1", [](const json::Value& task) { return Patch(task).status("cancelled").take(); });
    CHECK(answer.value() == R"({"resourceType":"Task"})");
    const auto asked = canned.asked();
    REQUIRE(asked.size() == 4);
    CHECK(asked[3].line.starts_with("PATCH /Task/1 "));
    CHECK(asked[3].head.find("if-match: w/\"7\"\r\n") != std::string::npos);
    CHECK(asked[3].body == R"([{"op":"replace","path":"/status","value":"cancelled"}])");
}

TEST_CASE("A version that is no id goes into no header and nothing is written") {
    for (const std::string version : {R"("\u0001")", R"("7\r\nx: y")", R"("")", "7", R"("a b")"}) {
        CAPTURE(version);
        const CannedServer canned([&](const Request&) {
            return answered(200, R"({"resourceType":"Task","meta":{"versionId":)" + version + "}}");
        });
        FhirServer server(at(canned));
        const auto answer = server.amend(
            "Task/1", [](const json::Value& task) { return Patch(task).status("cancelled").take(); });
        CHECK(answer.error().kind == Kind::malformed);
        CHECK(canned.asked().size() == 1);
    }
}

TEST_CASE("A resource that changes all the time is left for later") {
    const CannedServer canned([](const Request& request) {
        return request.line.starts_with("GET ") ? answered(200, kTask) : answered(409, "{}");
    });
    FhirServer server(at(canned));
    const auto answer = server.amend(
        "Task/1", [](const json::Value& task) { return Patch(task).status("cancelled").take(); });
    CHECK(answer.error().kind == Kind::changed);
    CHECK(canned.asked().size() == 6);
}

TEST_CASE("Where nothing is to be done nothing is written") {
    const CannedServer canned([](const Request&) { return answered(200, kTask); });
    FhirServer server(at(canned));
    CHECK(server.amend("Task/1", [](const json::Value&) { return std::string(); }).value() == kTask);
    CHECK(canned.asked().size() == 1);
}
