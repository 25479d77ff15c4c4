// The operator's log holds events of our own code and nothing that a sender or a person brought.
// Method: a log that writes into a vector; what must not be loggable is asked of the compiler.
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "gateway/telemetry/incident.h"
#include "gateway/telemetry/log.h"

using namespace kesher;
using namespace kesher::telemetry;

namespace {

std::vector<std::string> lines_of(Level least, const std::function<void(Log&)>& act) {
    std::vector<std::string> lines;
    Log log(least, [&](std::string_view line) { lines.emplace_back(line); });
    act(log);
    return lines;
}

// A line without its time, which differs at every run.
std::string after_time(const std::string& line) { return line.substr(line.find(",\"level\"")); }

struct SecretLike {
    std::string reveal() const { return "hidden"; }
};

template <class T>
constexpr bool loggable = std::is_constructible_v<Value, T>;

}  // namespace

TEST_CASE("A pseudonym a case a referral a payload or a bare text cannot stand in a line") {
    STATIC_REQUIRE_FALSE(loggable<contract::Pseudonym>);
    STATIC_REQUIRE_FALSE(loggable<contract::CaseId>);
    STATIC_REQUIRE_FALSE(loggable<contract::ReferralId>);
    STATIC_REQUIRE_FALSE(loggable<contract::MessageId>);
    STATIC_REQUIRE_FALSE(loggable<contract::ConsentId>);
    STATIC_REQUIRE_FALSE(loggable<contract::OfficerId>);
    STATIC_REQUIRE_FALSE(loggable<contract::Bytes>);
    STATIC_REQUIRE_FALSE(loggable<contract::Digest>);
    STATIC_REQUIRE_FALSE(loggable<SecretLike>);
    STATIC_REQUIRE_FALSE(loggable<std::string>);
    STATIC_REQUIRE_FALSE(loggable<std::string_view>);
    STATIC_REQUIRE_FALSE(loggable<const char*>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<Word, std::string_view>);
    STATIC_REQUIRE(loggable<contract::IncidentId>);
    STATIC_REQUIRE(loggable<contract::OrganisationId>);
    STATIC_REQUIRE(loggable<contract::Code>);
    STATIC_REQUIRE(loggable<Word>);
    STATIC_REQUIRE(loggable<int>);
}

TEST_CASE("An event is one line of JSON with its level and typed fields in order") {
    const auto lines = lines_of(Level::info, [](Log& log) {
        log.write(Level::warning, "request",
                  {{"route", "/v1/inbox"},
                   {"status", 429},
                   {"code", contract::Code::busy},
                   {"first", true},
                   {"organisation", *contract::OrganisationId::parse("health")},
                   {"took_ms", std::chrono::milliseconds{17}}});
    });
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].starts_with("{\"at\":\"20"));
    CHECK(after_time(lines[0]) ==
          ",\"level\":\"warning\",\"event\":\"request\",\"route\":\"/v1/inbox\",\"status\":429,"
          "\"code\":\"busy\",\"first\":true,\"organisation\":\"health\",\"took_ms\":17}");
}

TEST_CASE("A diagnostic with a newline stays one line and is not read as a format") {
    const auto lines = lines_of(Level::info, [](Log& log) {
        log.write(Level::error, "fault",
                  {{"why", Diagnostic{"first\r\n{\"level\":\"info\"} {0} %s\x1b[2J\t\x7f"}}});
    });
    REQUIRE(lines.size() == 1);
    CHECK(after_time(lines[0]) ==
          ",\"level\":\"error\",\"event\":\"fault\",\"why\":"
          "\"first\\r\\n{\\\"level\\\":\\\"info\\\"} {0} %s\\u001b[2J\\t\\u007f\"}");
}

TEST_CASE("A diagnostic is cut at its limit and not before") {
    const auto line_with = [](std::size_t length) {
        return lines_of(Level::info, [&](Log& log) {
            log.write(Level::error, "fault", {{"why", Diagnostic{std::string(length, 'a')}}});
        })[0];
    };
    CHECK(line_with(Diagnostic::kBytesMax).size() == line_with(Diagnostic::kBytesMax + 1).size());
    CHECK(line_with(Diagnostic::kBytesMax - 1).size() + 1 == line_with(Diagnostic::kBytesMax).size());
}

TEST_CASE("Bytes that are not UTF-8 and characters that break lines are replaced") {
    CHECK(json_string("\xD7\xA7\xD7\xA9\xD7\xA8") == "\"\xD7\xA7\xD7\xA9\xD7\xA8\"");
    CHECK(json_string("a\xFF"
                      "b") ==
          "\"a\xEF\xBF\xBD"
          "b\"");
    CHECK(json_string("\xE2\x82") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK(json_string("\xC3(") == "\"\xEF\xBF\xBD(\"");
    CHECK(json_string("\xC2\x85") == "\"\xEF\xBF\xBD\"");
    CHECK(json_string("\xE2\x80\xA8") == "\"\xEF\xBF\xBD\"");
    CHECK(json_string(std::string_view("\0", 1)) == "\"\\u0000\"");
}

TEST_CASE("A line below the least level is not written and one at it is") {
    const auto act = [](Log& log) {
        log.write(Level::debug, "step");
        log.write(Level::info, "request");
    };
    CHECK(lines_of(Level::info, act).size() == 1);
    CHECK(lines_of(Level::debug, act).size() == 2);
    CHECK(lines_of(Level::warning, act).empty());
}

TEST_CASE("A sink that fails does not fail the caller and the loss is counted") {
    Log log(Level::info, [](std::string_view) { throw std::runtime_error("disk full"); });
    log.write(Level::info, "request");
    CHECK(log.lost() == 1);
}

TEST_CASE("Lines of many threads do not mix") {
    std::vector<std::string> lines;
    Log log(Level::info, [&](std::string_view line) { lines.emplace_back(line); });
    {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < 4; ++writer) {
            writers.emplace_back([&log] {
                for (int i = 0; i < 50; ++i) log.write(Level::info, "request", {{"status", 200}});
            });
        }
    }
    REQUIRE(lines.size() == 200);
    for (const std::string& line : lines) {
        CHECK(after_time(line) == ",\"level\":\"info\",\"event\":\"request\",\"status\":200}");
    }
}

TEST_CASE("Incident ids are version 4 and do not repeat") {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const std::string text = new_incident().text();
        CHECK(contract::IncidentId::parse(text));
        CHECK(text[14] == '4');
        seen.insert(text);
    }
    CHECK(seen.size() == 1'000);
}
