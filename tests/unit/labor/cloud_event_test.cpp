// An event is read strictly: what two readers could understand differently is none.
#include "adapters/labor/cloud_event.h"

#include <catch2/catch.hpp>

#include "tests/unit/labor/labor_mapping.h"

using namespace kesher;
using namespace kesher::labor;
using labor::test::with;

namespace {

const std::string kEvent =
    R"({"specversion":"1.0","id":"e-1","source":"urn:x","type":"t","time":"2026-11-23T21:59:59Z",)"
    R"("datacontenttype":"application/json","data":{"a":"b"}})";

EventFault fault(const std::string& body) {
    const auto read = read_event(body);
    REQUIRE_FALSE(read);
    return read.error();
}

}  // namespace

TEST_CASE("An event is its id, source, type, day and data") {
    const auto read = read_event(kEvent);
    REQUIRE(read);
    CHECK(read->id == "e-1");
    CHECK(read->source == "urn:x");
    CHECK(read->type == "t");
    CHECK(contract::text(*read->on) == "2026-11-23");
    CHECK(*read->data().find("a")->text() == "b");
}

TEST_CASE("What we write begins as CloudEvents 1.0 has it and says no time of day") {
    auto out = begin_event("m", "urn:s", "t", contract::parse_day("2026-11-23").value());
    out.open_object("data").close().close();
    CHECK(out.take() ==
          R"({"specversion":"1.0","id":"m","source":"urn:s","type":"t","time":"2026-11-23T00:00:00Z",)"
          R"("datacontenttype":"application/json","data":{}})");
}

TEST_CASE("The day of an event is the day in Israel when it was written") {
    const auto day = [](std::string_view time) {
        const auto read = day_in(time);
        return read ? contract::text(*read) : std::string("none");
    };
    CHECK(day("2026-11-23T21:59:59Z") == "2026-11-23");
    CHECK(day("2026-11-23T22:00:00Z") == "2026-11-24");
    CHECK(day("2026-11-23T23:59:59+02:00") == "2026-11-23");
    CHECK(day("2026-11-23T21:59:59.999Z") == "2026-11-23");
    CHECK(day("2026-11-23T22:00:00.000000001+00:00") == "2026-11-24");
    CHECK(day("2026-07-01T20:59:59Z") == "2026-07-01");
    CHECK(day("2026-07-01T21:00:00Z") == "2026-07-02");
    for (const char* none :
         {"", "2026-11-23", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T00:60:00Z",
          "2026-11-23T00:00:60Z", "2026-11-23 00:00:00Z", "2026-11-23T00:00:00", "2026-11-23T00:00:00.Z",
          "2026-11-23T00:00:00.1234567890Z", "2026-11-23T00:00:00+0200", "2026-11-23T00:00:00*02:00",
          "1899-12-31T00:00:00Z", "2199-12-31T23:00:00Z"}) {
        CHECK(day(none) == "none");
    }
}

TEST_CASE("What is no event says what of it is none") {
    CHECK(fault("").flaw == EventFlaw::not_json);
    CHECK(fault("[]").flaw == EventFlaw::not_json);
    CHECK(fault(with(kEvent, R"("data":{"a":"b"})", R"("data":{"a":"b"},"id":"2")")).flaw ==
          EventFlaw::not_json);
    CHECK(fault(with(kEvent, "b\"", "\xC0\xAF\"")).flaw == EventFlaw::not_json);
    CHECK(fault(with(kEvent, "b\"", "\\u0000\"")).flaw == EventFlaw::not_json);
    CHECK(fault(with(kEvent, "1.0", "0.3")).flaw == EventFlaw::version);
    CHECK(fault(with(kEvent, "\"e-1\"", "1")).attribute == "id");
    CHECK(fault(with(kEvent, "e-1", "")).attribute == "id");
    CHECK(fault(with(kEvent, "e-1", "e 1")).attribute == "id");
    CHECK(fault(with(kEvent, "e-1", std::string(257, 'x'))).attribute == "id");
    CHECK(read_event(with(kEvent, "e-1", std::string(256, 'x'))));
    CHECK(fault(with(kEvent, R"("source":"urn:x",)", "")).attribute == "source");
    CHECK(fault(with(kEvent, R"("type":"t",)", "")).attribute == "type");
    CHECK(fault(with(kEvent, "2026-11-23T", "2026-11-31T")).attribute == "time");
    CHECK(read_event(with(kEvent, "application/json", "application/json; charset=utf-8")));
    CHECK(fault(with(kEvent, "application/json", "application/jsonx")).attribute == "datacontenttype");
    CHECK(fault(with(kEvent, "application/json", "text/xml")).attribute == "datacontenttype");
    CHECK(fault(with(kEvent, R"({"a":"b"})", R"("text")")).attribute == "data");
    CHECK(fault(with(kEvent, R"("data":)", R"("data_base64":"e30=","data":)")).attribute == "data");
    CHECK(read_event(with(kEvent, R"("time":"2026-11-23T21:59:59Z",)", "")));
}

TEST_CASE("An event of more than 8 MiB or nested too deep is none") {
    CHECK(fault(std::string(kEventBytes + 1, ' ')).flaw == EventFlaw::too_large);
    CHECK(fault(with(kEvent, "\"b\"", std::string(15, '[') + std::string(15, ']'))).flaw ==
          EventFlaw::not_json);
    CHECK(read_event(with(kEvent, "\"b\"", std::string(14, '[') + std::string(14, ']'))));
}

TEST_CASE("A source names an organisation of the exchange and nothing else does") {
    const auto id = contract::OrganisationId::parse("ssd-5000").value();
    CHECK(source_of(id) == "urn:kesher:organisation:ssd-5000");
    CHECK(organisation_in(source_of(id)) == id);
    CHECK_FALSE(organisation_in("ssd-5000"));
    CHECK_FALSE(organisation_in("urn:kesher:organisation:"));
}
