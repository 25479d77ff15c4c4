// What is wrong with a record is told with the way to it, all of it at once.
#include "adapters/labor/members.h"

#include <catch2/catch.hpp>

#include "schemas/json/read.h"
#include "tests/unit/labor/labor_mapping.h"

using namespace kesher;
using namespace kesher::labor;
using labor::test::mapping;

namespace {

struct Reading {
    explicit Reading(std::string_view json)
        : value(json::read(json).value()), members(value, "/data", mapping(), faults) {}
    json::Value value;
    FieldFaults faults{};
    Members members;
    [[nodiscard]] std::string first() const {
        return faults.empty()
                   ? ""
                   : faults.front().field + ' ' + std::string(record::kFlaws.text(faults.front().flaw));
    }
};

}  // namespace

TEST_CASE("A text that is absent, blank, too long or no text is told apart") {
    Reading absent("{}");
    CHECK_FALSE(absent.members.text("data.need", 4));
    CHECK(absent.faults.empty());
    CHECK(absent.members.must("data.need", 4).empty());
    CHECK(absent.first() == "/data/description missing");
    for (const char* json : {R"({"description":" \n"})", R"({"description":"12345"})"}) {
        Reading reading(json);
        CHECK_FALSE(reading.members.text("data.need", 4));
        CHECK(reading.first() == "/data/description empty_or_long");
    }
    Reading number(R"({"description":7})");
    CHECK(number.members.must("data.need", 4).empty());
    CHECK(number.first() == "/data/description value");
    CHECK(Reading(R"({"description":"1234"})").members.text("data.need", 4) == "1234");
}

TEST_CASE("A fault in a list says which of it") {
    Reading reading(R"({"additionalProperty":[{"propertyID":"INCOME"},{"propertyID":"WHIM"}]})");
    auto parts = reading.members.parts("data.particulars");
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].plain("particulars.group", contract::kDataGroups) == contract::DataGroup::income);
    CHECK_FALSE(parts[1].plain("particulars.group", contract::kDataGroups));
    CHECK(reading.first() == "/data/additionalProperty/1/propertyID unknown_code");
    Reading texts(R"({"additionalProperty":["x"]})");
    CHECK(texts.members.parts("data.particulars").empty());
    CHECK(texts.first() == "/data/additionalProperty value");
}

TEST_CASE("Minutes of a day go from 00:00 to 24:00") {
    const auto minute = [](const std::string& text) {
        Reading reading(R"({"opens":")" + text + "\"}");
        const auto read = reading.members.minute("hours.from");
        return reading.faults.empty() ? read : -1;
    };
    CHECK(minute("00:00") == 0);
    CHECK(minute("08:30") == 510);
    CHECK(minute("24:00") == 1440);
    for (const char* none : {"24:01", "8:30", "08:60", "0830", "08:30:00", "ab:cd", "-1:00"}) {
        CHECK(minute(none) == -1);
    }
}

TEST_CASE("An appointment is an hour on the wall in Israel with the offset that the wall has then") {
    const auto slot = [](const std::string& start) {
        Reading reading(R"({"schedule":{"startDate":")" + start + R"(","duration":"PT30M","location":"x"}})");
        const auto read = read_schedule(reading.members);
        return reading.faults.empty() ? contract::text(read->slot) : reading.first();
    };
    CHECK(slot("2026-12-01T10:00:00+02:00") == "2026-12-01T08:00:00.000Z");
    CHECK(slot("2026-12-01T10:00:00.000+02:00") == "2026-12-01T08:00:00.000Z");
    CHECK(slot("2026-07-01T10:00:00+03:00") == "2026-07-01T07:00:00.000Z");
    // The hour that comes twice is one of the two; the one that the clocks jump over is none.
    CHECK(slot("2026-10-25T01:30:00+03:00") == "2026-10-24T22:30:00.000Z");
    CHECK(slot("2026-10-25T01:30:00+02:00") == "2026-10-24T23:30:00.000Z");
    for (const char* none :
         {"2026-03-27T02:30:00+02:00", "2026-03-27T02:30:00+03:00", "2026-12-01T10:00:00+03:00",
          "2026-12-01T08:00:00Z", "2026-12-01T10:00:30+02:00", "2026-12-01T10:00:00.5+02:00"}) {
        CHECK(slot(none) == "/data/schedule/startDate not_a_time");
    }
    CHECK(slot("2026-11-31T10:00:00+02:00") == "/data/schedule/startDate not_a_day");
}

TEST_CASE("How long an appointment takes is whole minutes up to a day") {
    const auto minutes = [](const std::string& duration) {
        Reading reading(R"({"schedule":{"startDate":"2026-12-01T10:00:00+02:00","duration":")" + duration +
                        R"(","location":"x"}})");
        const auto read = read_schedule(reading.members);
        return reading.faults.empty() ? read->minutes : -1;
    };
    CHECK(minutes("PT1M") == 1);
    CHECK(minutes("PT1440M") == 1440);
    for (const char* none : {"PT0M", "PT1441M", "PT1H", "PTM", "30", "PT-5M", "PT5.5M"}) {
        CHECK(minutes(none) == -1);
    }
}

TEST_CASE("Members that nobody asked for are counted") {
    Reading reading(R"({"description":"x","favouriteColour":"blue","@context":"y"})");
    CHECK(reading.members.text("data.need", 4));
    reading.members.pass_over("@context");
    CHECK(reading.members.surplus() == 1);
}
