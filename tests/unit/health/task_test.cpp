// What a Task and its Appointment say, and that each one that cannot be understood is refused with its place.
// Method: one Task that is accepted; each case changes a single thing of its text.
#include <catch2/catch.hpp>

#include "adapters/health/document.h"
#include "adapters/health/task_read.h"

using namespace kesher::contract;
using namespace kesher::health;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kSdohCc =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

std::string coded(std::string_view key, std::string_view system, std::string_view code,
                  std::string_view text = {}) {
    std::string said = '"' + std::string(key) + R"(":{"coding":[{"system":")" + std::string(system) +
                       R"(","code":")" + std::string(code) + "\"}]";
    if (!text.empty()) said += R"(,"text":")" + std::string(text) + '"';
    return said + '}';
}

std::string task(std::string_view status, const std::string& more = {}) {
    return R"({"resourceType":"Task","id":"17","meta":{"versionId":"3","lastUpdated":"2026-11-21T08:00:00.000Z"},)"
           R"("identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"}],)" +
           coded("code", "http://hl7.org/fhir/CodeSystem/task-code", "fulfill") + R"(,"status":")" +
           std::string(status) + R"(","intent":"order")" + (more.empty() ? "" : ',' + more) + '}';
}

TaskReport taken(const std::string& text) {
    const auto report = read_task(text);
    if (!report) FAIL(words_of(report.error().front(), Language::en));
    return report.value();
}

FhirFaults refused(const std::string& text) {
    const auto report = read_task(text);
    REQUIRE_FALSE(report);
    return report.error();
}

std::string waitlisted(std::string_view status) {
    return task(status, coded("businessStatus", kSdohCc, "not-enrolled-on-waitlist"));
}
std::string reason(std::string_view code, std::string_view text = "אין תור פנוי") {
    return coded("statusReason", "urn:kesher:reason", code, text);
}
std::string output(std::string_view type_system, std::string_view type, const std::string& value) {
    return R"("output":[{)" + coded("type", type_system, type) + ',' + value + "}]";
}
const std::string kActivity =
    output(kSdohCc, "resulting-activity", R"("valueReference":{"reference":"Procedure/1"})");

std::string appointment(std::string_view status, std::string_view start, std::string_view end,
                        std::string_view place = "חדר 4") {
    return R"({"resourceType":"Appointment","status":")" + std::string(status) + R"(","start":")" +
           std::string(start) + R"(","end":")" + std::string(end) +
           R"(","description":"not read","participant":[{"actor":{"reference":"Patient/1"},"status":"accepted"},)"
           R"({"actor":{"reference":"Location/2","display":")" +
           std::string(place) + R"("},"status":"accepted"}]})";
}
constexpr std::string_view kNine = "2026-12-01T09:00:00+02:00";
constexpr std::string_view kHalfPastNine = "2026-12-01T09:30:00+02:00";

}  // namespace

TEST_CASE("Each status that is the recipient's to say has its state") {
    CHECK(taken(task("requested")).state == ReferralState::delivered);
    CHECK(taken(task("received")).state == ReferralState::delivered);
    CHECK(taken(task("accepted")).state == ReferralState::accepted);
    CHECK(taken(waitlisted("accepted")).state == ReferralState::waitlisted);
    CHECK(taken(task("rejected", reason("no-capacity"))).state == ReferralState::declined);
    CHECK(taken(task("in-progress")).state == ReferralState::in_progress);
    CHECK(taken(task("on-hold")).state == ReferralState::on_hold);
    CHECK(taken(task("failed", reason("service-ended"))).state == ReferralState::failed);
    CHECK(taken(task("completed", kActivity)).state == ReferralState::completed);
}

TEST_CASE("What we wrote ourselves is understood and what nobody may say is refused") {
    CHECK(taken(task("cancelled")).state == ReferralState::cancelled);
    CHECK(taken(task("entered-in-error")).state == ReferralState::erroneous);
    for (const auto status : {"draft", "ready"})
        CHECK(refused(task(status)) == FhirFaults{{"Task.status", Flaw::not_for_recipient}});
    CHECK(refused(task("done")) == FhirFaults{{"Task.status", Flaw::unknown_code}});
}

TEST_CASE("A Task names itself and the referral and its day is the later of the two that it tells") {
    const TaskReport report = taken(task("accepted"));
    CHECK(report.id == "17");
    CHECK(report.version == "3");
    CHECK(report.referral == ReferralId::parse("0f8fad5b-d9cb-469f-a165-70867728950e"));
    CHECK(report.occurred_on == parse_day("2026-11-21"));
    CHECK(taken(task("accepted", R"("lastModified":"2026-11-20")")).occurred_on == parse_day("2026-11-21"));
    CHECK(taken(task("accepted", R"("lastModified":"2026-11-22")")).occurred_on == parse_day("2026-11-22"));
    // 01:30 in Israel is the day before in UTC, and a day of the exchange is UTC.
    CHECK(taken(task("accepted", R"("lastModified":"2026-11-23T01:30:00+02:00")")).occurred_on ==
          parse_day("2026-11-22"));
}

TEST_CASE("A refusal has its code for the exchange and its words for the sealed part") {
    const TaskReport report = taken(task("rejected", reason("out-of-area")));
    CHECK(report.reason == Reason::out_of_area);
    CHECK(report.said == "אין תור פנוי");
    CHECK(refused(task("rejected")) ==
          FhirFaults{{"Task.statusReason.coding", Flaw::missing}, {"Task.statusReason.text", Flaw::missing}});
    CHECK(refused(task("rejected", reason("no-capacity", ""))) ==
          FhirFaults{{"Task.statusReason.text", Flaw::missing}});
    CHECK(refused(task("rejected", reason("too-far"))) ==
          FhirFaults{{"Task.statusReason.coding[0].code", Flaw::unknown_code}});
    CHECK(refused(task("rejected", reason("docs-missing"))) ==
          FhirFaults{{"Task.statusReason.coding[0].code", Flaw::unknown_code}});
    // The hub's own reason.
    CHECK(refused(task("rejected", reason("consent-missing"))) ==
          FhirFaults{{"Task.statusReason.coding[0].code", Flaw::unknown_code}});
    CHECK(refused(task("failed")) == FhirFaults{{"Task.statusReason.coding", Flaw::missing}});
    CHECK(refused(task("failed", reason("no-capacity"))) ==
          FhirFaults{{"Task.statusReason.coding[0].code", Flaw::unknown_code}});
    CHECK(refused(task("rejected", reason("no-capacity", std::string(2001, 'x')))) ==
          FhirFaults{{"Task.statusReason.text", Flaw::value}});
}

TEST_CASE("A hold may have a reason and a day on which it is to end") {
    const TaskReport report =
        taken(task("on-hold", reason("docs-missing") + R"(,"executionPeriod":{"start":"2026-12-24"})"));
    CHECK(report.reason == Reason::docs_missing);
    CHECK(report.expected_on == parse_day("2026-12-24"));
    CHECK_FALSE(taken(task("accepted", R"("executionPeriod":{"start":"2026-12-24"})")).expected_on);
    CHECK(refused(task("on-hold", R"("executionPeriod":{"start":"2026-12"})")) ==
          FhirFaults{{"Task.executionPeriod.start", Flaw::not_a_day}});
}

TEST_CASE("A completion has an outcome of ours or the activity that SDOH CC names") {
    CHECK(taken(task("completed", kActivity)).outcome == Outcome::provided);
    const std::string partly =
        output("urn:kesher:output", "outcome", coded("valueCodeableConcept", "urn:kesher:outcome", "partly"));
    CHECK(taken(task("completed", partly)).outcome == Outcome::partly);
    CHECK(refused(task("completed")) == FhirFaults{{"Task.output", Flaw::missing}});
    const std::string unknown =
        output("urn:kesher:output", "outcome", coded("valueCodeableConcept", "urn:kesher:outcome", "well"));
    CHECK(refused(task("completed", unknown)).front() ==
          FhirFault{"Task.output[0].valueCodeableConcept.coding[0].code", Flaw::unknown_code});
    CHECK_FALSE(taken(task("in-progress", kActivity)).outcome);
}

TEST_CASE("Words beside the status are taken where they fit it and refused where they do not") {
    CHECK(refused(waitlisted("in-progress")) ==
          FhirFaults{{"Task.businessStatus.coding[0].code", Flaw::not_a_step}});
    CHECK(taken(task("in-progress", coded("businessStatus", kSdohCc, "enrolled"))).state ==
          ReferralState::in_progress);
    CHECK(refused(task("accepted", coded("businessStatus", kSdohCc, "queued"))) ==
          FhirFaults{{"Task.businessStatus.coding[0].code", Flaw::unknown_code}});
    CHECK(taken(task("accepted", coded("businessStatus", "urn:clinic:own", "triage"))).state ==
          ReferralState::accepted);
    CHECK(taken(task("accepted", coded("businessStatus", "urn:kesher:event", "no_show"))).no_show);
    const std::string redirect = coded("businessStatus", "urn:kesher:event", "redirect") + ',' +
                                 R"("statusReason":{"text":"מרפאה אחרת"})";
    CHECK(taken(task("rejected", redirect)).redirect);
    CHECK(refused(task("accepted", coded("businessStatus", "urn:kesher:event", "redirect"))) ==
          FhirFaults{{"Task.businessStatus.coding[0].code", Flaw::not_a_step}});
}

TEST_CASE("A Task of another kind or without what it needs is refused with its place") {
    const auto without = [](std::string text, std::string_view part) {
        text.erase(text.find(part), part.size());
        return text;
    };
    CHECK(refused(without(task("accepted"), R"("id":"17",)")) == FhirFaults{{"Task.id", Flaw::missing}});
    CHECK(refused(without(task("accepted"), R"("status":"accepted",)")) ==
          FhirFaults{{"Task.status", Flaw::missing}});
    CHECK(refused(without(task("accepted"), R"(,"lastUpdated":"2026-11-21T08:00:00.000Z")")) ==
          FhirFaults{{"Task.lastModified", Flaw::missing}});
    CHECK(refused(without(task("accepted"), "fulfill")).front() ==
          FhirFault{"Task.code.coding[0].code", Flaw::not_ours});
    CHECK(refused(without(task("accepted"), "0f8fad5b-")) ==
          FhirFaults{{"Task.identifier[0].value", Flaw::not_an_id}});
    CHECK(refused(R"({"resourceType":"Patient"})") == FhirFaults{{"Task.resourceType", Flaw::not_the_type}});
    CHECK(refused("{}") == FhirFaults{{"Task.resourceType", Flaw::missing}});
    CHECK(refused("Task") == FhirFaults{{"Task", Flaw::not_json}});
    CHECK(refused(task("accepted", R"("status":"rejected")")) == FhirFaults{{"Task", Flaw::not_json}});
    CHECK(refused(task("accepted", R"("businessStatus":"waiting")")).front() ==
          FhirFault{"Task.businessStatus", Flaw::wrong_kind});
    CHECK(refused(task("accepted", R"("lastModified":"yesterday")")) ==
          FhirFaults{{"Task.lastModified", Flaw::not_a_day}});
    const std::string two =
        R"("statusReason":{"text":"x","coding":[{"system":"urn:kesher:reason","code":"no-capacity"},)"
        R"({"system":"urn:kesher:reason","code":"out-of-area"}]})";
    CHECK(refused(task("rejected", two)).front() ==
          FhirFault{"Task.statusReason.coding[1].code", Flaw::two_codes});
}

TEST_CASE("A fault is told in Hebrew and in English and never with the value") {
    const FhirFault fault = refused(task("rejected", reason("secret-word"))).front();
    CHECK(words_of(fault, Language::en) == "Task.statusReason.coding[0].code: unknown code");
    CHECK(words_of(fault, Language::he) == "Task.statusReason.coding[0].code: קוד לא מוכר");
    for (std::size_t i = 0; i < kFlaws.size(); ++i) {
        const FhirFault each{"Task", static_cast<Flaw>(i)};
        CHECK(words_of(each, Language::he) != words_of(each, Language::en));
    }
}

TEST_CASE("An appointment gives minute, length and the place's label and nothing else") {
    const auto report = read_appointment(appointment("booked", kNine, kHalfPastNine)).value();
    CHECK(report.standing == AppointmentReport::Standing::booked);
    CHECK(report.appointment.slot == Instant{parse_day("2026-12-01").value()} + 7h);
    CHECK(report.appointment.minutes == 30);
    CHECK(report.appointment.place == "חדר 4");
    CHECK(read_appointment(appointment("noshow", kNine, kHalfPastNine)).value().standing ==
          AppointmentReport::Standing::no_show);
    CHECK(read_appointment(appointment("cancelled", kNine, kHalfPastNine)).value().standing ==
          AppointmentReport::Standing::called_off);
}

TEST_CASE("An appointment that she cannot be told is refused with its place") {
    const auto first = [](const std::string& text) { return read_appointment(text).error().front(); };
    CHECK(first(appointment("proposed", kNine, kHalfPastNine)) ==
          FhirFault{"Appointment.status", Flaw::not_a_step});
    CHECK(first(appointment("soon", kNine, kHalfPastNine)) ==
          FhirFault{"Appointment.status", Flaw::unknown_code});
    CHECK(first(appointment("booked", "2026-12-01T09:00:00", kHalfPastNine)) ==
          FhirFault{"Appointment.start", Flaw::not_an_instant});
    CHECK(first(appointment("booked", "2026-12-01T09:00:20Z", "2026-12-01T09:30:00Z")) ==
          FhirFault{"Appointment.start", Flaw::value});
    CHECK(first(appointment("booked", kHalfPastNine, kNine)) == FhirFault{"Appointment.end", Flaw::value});
    CHECK(first(appointment("booked", kNine, kNine)) == FhirFault{"Appointment.end", Flaw::value});
    CHECK(first(appointment("booked", kNine, kHalfPastNine, "")) ==
          FhirFault{"Appointment.participant[1].actor.display", Flaw::value});
    CHECK(first(R"({"resourceType":"Appointment","status":"booked"})") ==
          FhirFault{"Appointment.start", Flaw::missing});
    std::string nowhere = appointment("booked", kNine, kHalfPastNine);
    nowhere.replace(nowhere.find("Location/2"), 10, "Device/222");
    CHECK(first(nowhere) == FhirFault{"Appointment.participant", Flaw::missing});
}
