// What comes to the port and is no event of theirs, or a wrong one, is told what and where, in Hebrew and
// English, and nothing of it reaches the loop.
#include "adapters/labor/event_port.h"

#include <catch2/catch.hpp>

#include <future>

#include "adapters/labor/event_service.h"
#include "adapters/labor/labor_calls.h"
#include "adapters/labor/status_event.h"
#include "config/catalogue/catalogue.h"
#include "schemas/json/read.h"
#include "schemas/statement/detached_jws.h"
#include "schemas/statement/hash.h"
#include "tests/unit/labor/labor_mapping.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::labor;
using labor::test::mapping;
using labor::test::with;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kNumber = "00000000-0000-4000-8000-000000000007";

std::string good() {
    return R"({"specversion":"1.0","id":"s-1","source":"urn:labor","type":"il.kesher.referral.status.v1",)"
           R"("time":"2026-11-23T10:00:00+02:00","referralid":")" +
           std::string(kNumber) + R"(","data":{"actionStatus":"ActiveActionStatus","description":"words"}})";
}

LaborSettings settings() {
    auto made = parse_labor_settings(labor_example(), "/x/adapter.toml").value();
    made.listen.port = 0;
    return made;
}

class Port {
public:
    explicit Port(std::chrono::milliseconds patience = 1ms)
        : calls(patience, [] { return false; }),
          port_(settings_, keys_, mapping(), calls, log_, [] { return parse_day("2026-11-24").value(); }) {}

    // Signed by their key unless said otherwise.
    [[nodiscard]] edge::Answer post(const std::string& body, std::vector<edge::Header> more = {}) const {
        more.push_back(
            {std::string(kSignatureHeader), statement::sign_detached(theirs_, kSignatureType, body)});
        return send(body, std::move(more));
    }
    [[nodiscard]] edge::Answer send(const std::string& body, std::vector<edge::Header> headers,
                                    const std::string& type = "application/cloudevents+json") const {
        return client()
            .send({.method = "POST",
                   .path = "/events",
                   .content_type = type,
                   .body = body,
                   .headers = std::move(headers)})
            .value();
    }
    [[nodiscard]] edge::Client client() const { return edge::Client({.base_url = url()}); }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_.port()); }
    [[nodiscard]] const statement::PrivateKey& theirs() const { return theirs_; }
    [[nodiscard]] const EventKeys& keys() const { return keys_; }
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

private:
    LaborSettings settings_ = settings();
    statement::PrivateKey theirs_ = statement::PrivateKey::generate(statement::KeyKind::p256);
    EventKeys keys_{statement::PrivateKey::generate(statement::KeyKind::p256), {theirs_.public_key()}};
    std::vector<std::string> lines_;
    telemetry::Log log_{telemetry::Level::debug,
                        [this](std::string_view line) { lines_.emplace_back(line); }};

public:
    record::CallsOfTheirs calls;

private:
    EventPort port_;
};

std::string code_of(const edge::Answer& answer) {
    const auto problem = json::read(answer.body);
    const json::Value* code = problem ? problem->find("code") : nullptr;
    return code == nullptr || code->text() == nullptr ? "" : *code->text();
}
// "/data/actionStatus missing", of the first fault.
std::string fault_of(const edge::Answer& answer) {
    const auto read = read_problem(answer.status, answer.body);
    if (!read || read->faults.empty()) return "";
    const FieldFault& fault = read->faults.front();
    return fault.field + ' ' + std::string(record::kFlaws.text(fault.flaw));
}

}  // namespace

TEST_CASE("An event that no loop comes to in time is to come again later") {
    const Port port;
    const auto answer = port.post(good());
    CHECK(answer.status == 503);
    CHECK(code_of(answer) == "not_now");
    CHECK(answer.header("retry-after") == "10");
}

TEST_CASE("An event that was taken is answered with a receipt of these bytes, signed by us") {
    Port port(20s);
    auto answer =
        std::async(std::launch::async, [&] { return port.post(good(), {{"If-Match", "\"0-DELIVERED\""}}); });
    std::optional<record::CallOfTheirs> seen;
    while (!seen) {
        port.calls.serve([&](const record::CallOfTheirs& call) {
            seen = call;
            CallResult result;
            result.stood = record::Stood{ReferralState::accepted, "1-ACCEPTED"};
            return result;
        });
    }
    CHECK(seen->id == "urn:labor s-1");
    CHECK(seen->version == "0-DELIVERED");
    CHECK(std::get<Status>(seen->said).words == "words");
    const edge::Answer taken = answer.get();
    CHECK(taken.status == 202);
    CHECK(taken.header("etag") == "\"1-ACCEPTED\"");
    CHECK(taken.header("location") == "/referrals/" + std::string(kNumber));
    CHECK(is_receipt_of(read_event(taken.body).value(), "s-1", statement::sha256(good()), mapping()));
    CHECK(statement::verify_detached(taken.header(kSignatureHeader).value(), kSignatureType, taken.body,
                                     std::vector{port.keys().ours.public_key()}));
}

TEST_CASE("How a referral stands is asked without saying anything, and one that is none is none") {
    Port port(20s);
    const auto ask = [&](const std::string& number, const CallResult& result) {
        auto answer = std::async(
            std::launch::async, [&] { return port.client().send({.path = "/referrals/" + number}).value(); });
        while (answer.wait_for(5ms) != std::future_status::ready) {
            port.calls.serve([&](const record::CallOfTheirs& call) {
                CHECK(std::holds_alternative<record::Look>(call.said));
                return result;
            });
        }
        return answer.get();
    };
    CallResult stands;
    stands.stood = record::Stood{ReferralState::on_hold, "4-ON_HOLD"};
    const auto answer = ask(std::string(kNumber), stands);
    CHECK(answer.status == 200);
    CHECK(answer.header("etag") == "\"4-ON_HOLD\"");
    CHECK(answer.body ==
          R"({"referral":")" + std::string(kNumber) + R"(","state":"ON_HOLD","version":"4-ON_HOLD"})");
    CHECK(ask(std::string(kNumber), {ResultKind::unknown_referral}).status == 404);
    CHECK(code_of(ask("000000018", {})) == "unknown_referral");
}

TEST_CASE("Whoever asks whether it may send is answered for the origin that is named and for no other") {
    const Port port;
    const auto ask = [&](const std::string& origin) {
        return port.client()
            .send({.method = "OPTIONS", .path = "/events", .headers = {{"WebHook-Request-Origin", origin}}})
            .value();
    };
    CHECK(ask("labor.example.org").header("webhook-allowed-origin") == "labor.example.org");
    CHECK(ask("labor.example.org").header("webhook-allowed-rate") == "*");
    CHECK_FALSE(ask("somebody.example.org").header("webhook-allowed-origin"));
    CHECK_FALSE(ask("*").header("webhook-allowed-origin"));
}

TEST_CASE("Our public key is served and no private one") {
    const Port port;
    const auto answer = port.client().send({.path = "/jwks"}).value();
    CHECK(answer.content_type == "application/jwk-set+json");
    CHECK(read_key_set(answer.body) == std::vector{port.keys().ours.public_key()});
    CHECK(answer.body.find("\"d\"") == std::string::npos);
}

TEST_CASE("What none of their keys has signed as it came is refused and nothing of it is read") {
    const Port port;
    const std::string jws = statement::sign_detached(port.theirs(), kSignatureType, good());
    const auto refused = [&](const std::string& body, std::vector<edge::Header> headers) {
        const auto answer = port.send(body, std::move(headers));
        CHECK(answer.status == 401);
        return code_of(answer) == "signature";
    };
    const std::string header(kSignatureHeader);
    CHECK(refused(good(), {}));
    CHECK(refused(good(), {{header, "x"}}));
    CHECK(refused(good() + " ", {{header, jws}}));
    CHECK(refused(good(), {{header, jws}, {header, jws}}));
    CHECK(refused(good(), {{header, statement::sign_detached(port.keys().ours, kSignatureType, good())}}));
    CHECK(refused(good(), {{header, statement::sign_detached(port.theirs(), "another+jws", good())}}));
    CHECK(code_of(port.send(good(), {{header, jws}})) == "not_now");
}

TEST_CASE("An event that is wrong is refused whole, with the way to what is wrong") {
    const Port port;
    struct Bad {
        std::string from, to;
        int status;
        std::string code;  // of what is no event, or pointer and flaw of what is a wrong one
    };
    const std::string status = R"("actionStatus":"ActiveActionStatus")";
    const std::string schedule =
        R"("actionStatus":"ActiveActionStatus","x-substatus":"scheduled","schedule":)";
    const auto at = [&](const std::string& start, const std::string& duration = "PT30M") {
        return schedule + R"({"startDate":")" + start + R"(","duration":")" + duration +
               R"(","location":"x"})";
    };
    const std::string number(kNumber);
    const std::vector<Bad> bad{
        {"{\"spec", "[{\"spec", 400, "not_json"},
        {"\"data\"", "\"id\":\"2\",\"data\"", 400, "not_json"},
        {"words", "\xC0\xAF", 400, "not_json"},
        {"words", "\\u0000", 400, "not_json"},
        {"words", std::string(1, '\0'), 400, "not_json"},
        {"words", "\\ud800", 400, "not_json"},
        {"\"words\"", "1.5", 400, "not_json"},
        {"\"words\"", std::string(40, '[') + std::string(40, ']'), 400, "not_json"},
        {"}}", "}}{}", 400, "not_json"},
        {"1.0", "1.1", 400, "version"},
        {"\"s-1\"", "\"\"", 400, "attribute"},
        {"\"s-1\"", "17", 400, "attribute"},
        {"\"type\"", "\"kind\"", 400, "attribute"},
        {"2026-11-23T", "2026-02-30T", 400, "attribute"},
        {"10:00:00", "25:00:00", 400, "attribute"},
        {"\"data\"", "\"data_base64\":\"e30=\",\"data\"", 400, "not_an_object"},
        {"\"data\":{", "\"content\":{", 400, "not_an_object"},
        {"urn:labor", "urn:somebody", 422, "/source value"},
        {"referral.status.v1", "referral.submitted.v1", 422, "/type unknown_code"},
        {number, "000000018", 422, "/referralid not_an_id"},
        {"\"referralid\"", "\"referral\"", 422, "/referralid missing"},
        {status, R"("x-substatus":"started")", 422, "/data/actionStatus missing"},
        {"ActiveActionStatus", "WishfulActionStatus", 422, "/data/actionStatus unknown_code"},
        {status, status + R"(,"x-substatus":"asleep")", 422, "/data/x-substatus unknown_code"},
        {status, status + R"(,"error":{"code":"no-capacity"})", 422, "/data/error/code value"},
        {status, status + R"(,"error":"no")", 422, "/data/error value"},
        {status, status + R"(,"result":"provided")", 422, "/data/result value"},
        {"\"words\"", "\" \"", 422, "/data/description empty_or_long"},
        {"words", std::string(8001, 'x'), 422, "/data/description empty_or_long"},
        {status, at("2026-03-27T02:30:00+02:00"), 422, "/data/schedule/startDate not_a_time"},
        {status, at("2026-12-01T10:00:00+03:00"), 422, "/data/schedule/startDate not_a_time"},
        {status, at("2026-12-32T10:00:00+02:00"), 422, "/data/schedule/startDate not_a_day"},
        {status, at("2026-12-01T10:00:00+02:00", "PT2D"), 422, "/data/schedule/duration value"},
        {status, R"("actionStatus":"ActiveActionStatus","x-substatus":"scheduled")", 422,
         "/data/schedule missing"},
    };
    for (const Bad& each : bad) {
        CAPTURE(each.to.substr(0, 80));
        const auto answer = port.post(with(good(), each.from, each.to));
        CHECK(answer.status == each.status);
        CHECK((each.status == 400 ? code_of(answer) : fault_of(answer)) == each.code);
        CHECK(answer.content_type.starts_with("application/problem+json"));
        CHECK(answer.body.find("words") == std::string::npos);
        if (each.status != 400) continue;
        const auto& words = catalogue::built_in_catalogue().words("labor." + each.code);
        CHECK(answer.body.find(words.he) != std::string::npos);
        CHECK(answer.body.find(words.en) != std::string::npos);
    }
    CHECK(port.post(good() + std::string(kStatusBytes, ' ')).status == 413);
    CHECK(port.send(good(), {}, "application/json").status == 400);
}

TEST_CASE("Nothing that an event said stands in the log") {
    const Port port;
    (void)port.post(good());
    (void)port.post(with(good(), "urn:labor", "urn:other"));
    (void)port.send(good(), {});
    for (const std::string& line : port.lines()) {
        CHECK(line.find(kNumber) == std::string::npos);
        CHECK(line.find("words") == std::string::npos);
    }
}

TEST_CASE(
    "A service that cannot be reached has nothing of it, and one that does not allow us is sent nothing") {
    const Port port;
    EventServiceSettings nowhere{.endpoint = "http://127.0.0.1:1/kesher", .origin = "kesher.example.org"};
    EventService away(nowhere, port.keys(), mapping());
    const auto unreached = away.send("m", "{}", EventService::Manner::asks);
    REQUIRE_FALSE(unreached);
    CHECK(unreached.error().away);
    CHECK_FALSE(unreached.error().outcome_unknown);
    // Our own port allows their origin alone, so it stands for a webhook that does not allow ours.
    EventServiceSettings strange{.endpoint = port.url(), .origin = "kesher.example.org"};
    EventService stranger(strange, port.keys(), mapping());
    const auto refused = stranger.send("m", "{}", EventService::Manner::asks);
    REQUIRE_FALSE(refused);
    CHECK_FALSE(refused.error().away);
    CHECK_FALSE(refused.error().outcome_unknown);
    LaborCalls calls(stranger, mapping());
    CHECK(calls.serves(Service::emp_place));
    CHECK_FALSE(calls.serves(Service::ben_child));
}
