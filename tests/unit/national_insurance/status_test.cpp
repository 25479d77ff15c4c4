// What they say of a referral leads to events, what we say of it is written, and each call has its result.
#include <catch2/catch.hpp>

#include "adapters/national_insurance/form_write.h"
#include "adapters/national_insurance/status_form.h"
#include "config/catalogue/catalogue.h"
#include "schemas/codec/records.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::national_insurance;
using record::changes_to;
using record::Meaning;
using E = ReferralEvent;
using S = ReferralState;

namespace {

const record::Mapping& mapping() {
    static const auto read = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    return read.value();
}
ReferralId referral() {
    std::array<std::uint8_t, 16> bytes{};
    bytes.back() = 7;
    return ReferralId::of_random(bytes);
}
Element element(const std::string& xml) { return read_xml(xml).value(); }

Element status(std::string_view code, std::string_view beside = "") {
    return element("<n:mashovBet xmlns:n=\"" + std::string(kNamespace) + "\">\n<Mashov>\n<MISPAR-HAFNAYA>" +
                   referral().text() + "</MISPAR-HAFNAYA>\n<STATUS-TIPUL>" + std::string(code) +
                   "</STATUS-TIPUL>\n<TAARICH-TIPUL>20261123000000</TAARICH-TIPUL>\n" + std::string(beside) +
                   "</Mashov>\n</n:mashovBet>");
}
FieldFault fault(const Element& body) {
    const auto read = read_status(body, mapping());
    REQUIRE_FALSE(read);
    return read.error().front();
}
std::string appointment() {
    XmlWriter out;
    Form form(mapping(), out);
    write_appointment(form, {Instant{parse_day("2026-12-01").value()} + std::chrono::hours{8}, 30, "קומה 2"});
    return out.take();
}
std::vector<E> events(S from, std::string_view code) {
    const auto changes = changes_to({from}, read_status(status(code), mapping()).value());
    std::vector<E> found;
    if (changes) {
        for (const auto& change : *changes) found.push_back(change.event.event);
    }
    return found;
}

}  // namespace

TEST_CASE("Each status of theirs is a state with its reason or outcome") {
    const auto read = read_status(status("25"), mapping());
    REQUIRE(read);
    CHECK(read->referral == referral());
    CHECK(read->meaning == Meaning{S::on_hold, Reason::docs_missing});
    CHECK(text(read->on) == "2026-11-23");
    CHECK(read_status(status("30"), mapping())->meaning ==
          Meaning{S::completed, {}, contract::Outcome::provided});
}

TEST_CASE(
    "A reason or outcome beside the status takes the place of the mapping's and must belong to the state") {
    CHECK(read_status(status("40", "<KOD-SIBA>out-of-area</KOD-SIBA>"), mapping())->meaning.reason ==
          Reason::out_of_area);
    CHECK(read_status(status("30", "<KOD-TOTZAAT-TIPUL>partly</KOD-TOTZAAT-TIPUL>"), mapping())
              ->meaning.outcome == contract::Outcome::partly);
    CHECK(fault(status("40", "<KOD-SIBA>docs-missing</KOD-SIBA>")) == FieldFault{6, "KOD-SIBA", Flaw::value});
    CHECK(fault(status("20", "<KOD-TOTZAAT-TIPUL>partly</KOD-TOTZAAT-TIPUL>")).flaw == Flaw::value);
    CHECK(fault(status("40", "<KOD-SIBA>whim</KOD-SIBA>")).flaw == Flaw::unknown_code);
}

TEST_CASE("A status that skips steps has them filled in and one that no step leads to has no events") {
    CHECK(events(S::delivered, "30") == std::vector{E::accept, E::start, E::complete});
    CHECK(events(S::delivered, "20") == std::vector{E::accept});
    CHECK(events(S::accepted, "20").empty());
    CHECK(events(S::delivered, "10").empty());
    CHECK_FALSE(changes_to({S::withdrawn}, read_status(status("20"), mapping()).value()));
    CHECK_FALSE(changes_to({S::accepted, {}, true}, read_status(status("30"), mapping()).value()));
    const auto changes = changes_to({S::delivered}, read_status(status("40"), mapping()).value());
    REQUIRE(changes);
    CHECK(changes->back().event.reason == Reason::not_eligible);
    for (const record::Change& change : *changes) CHECK_FALSE(codec::flaw(change.event));
}

TEST_CASE("Where the mapping says no outcome each status that completes says its own") {
    std::string toml(built_in_mapping());
    toml += "status.31 = \"COMPLETED\"\n";
    const auto own = record::Mapping::parse(toml, "theirs.toml", mapping_form());
    REQUIRE(own);
    CHECK(read_status(status("31", "<KOD-TOTZAAT-TIPUL>partly</KOD-TOTZAAT-TIPUL>"), *own)->meaning.outcome ==
          contract::Outcome::partly);
    CHECK(read_status(status("31"), *own).error().front() ==
          FieldFault{2, "KOD-TOTZAAT-TIPUL", Flaw::missing});
}

TEST_CASE("An appointment comes with a status of SCHEDULED and with no other") {
    std::string toml(built_in_mapping());
    toml += "status.28 = \"SCHEDULED\"\n";
    const auto own = record::Mapping::parse(toml, "theirs.toml", mapping_form());
    REQUIRE(own);
    const auto read = read_status(status("28", appointment()), *own);
    REQUIRE(read);
    const auto changes = changes_to({S::accepted}, *read);
    REQUIRE(changes);
    CHECK(changes->back().appointment->place == "קומה 2");
    CHECK(read_status(status("28"), *own).error().front() == FieldFault{2, "Tor", Flaw::missing});
    CHECK(fault(status("20", appointment())).field == "Tor");
}

TEST_CASE("A status without its fields is refused with each of them") {
    const auto refused = read_status(element("<a><Mashov/></a>"), mapping());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().size() == 3);
    CHECK(fault(element("<a/>")) == FieldFault{1, "Mashov", Flaw::missing});
    CHECK(fault(status("77")) == FieldFault{4, "STATUS-TIPUL", Flaw::unknown_code});
}

TEST_CASE("What we say of a referral names it the event and the day and nothing of her") {
    for (const std::string_view event : kUpdateWords) {
        CAPTURE(event);
        const Element body = element(write_update({.referral = referral(),
                                                   .event = event,
                                                   .on = parse_day("2026-11-23").value(),
                                                   .reason = Reason::entered_twice},
                                                  mapping()));
        CHECK(body.name == "idkunHafnaya");
        const Element* update = body.only("", "Idkun");
        REQUIRE(update);
        CHECK(update->only("", "MISPAR-HAFNAYA")->text == referral().text());
        CHECK(*mapping().word("event", update->only("", "KOD-PEULA")->text) == event);
        CHECK(update->only("", "TAARICH-PEULA")->text == "20261123000000");
        CHECK(update->children.size() == 4);
    }
    std::array<std::uint8_t, 16> bytes{};
    const auto id = MessageId::of_random(bytes);
    CHECK(element(write_inquiry(id, mapping())).only("", "Berur")->only("", "MEZAHE-HAAVARA")->text ==
          id.text());
}

TEST_CASE("The safety flags that stand beside words go with them in an update") {
    Update update{referral(), "hold", parse_day("2026-11-23").value()};
    update.words = "x";
    update.safety = codec::Safety{};
    const std::string xml = write_update(update, mapping());
    for (std::size_t i = 0; i < kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<SafetyFlag>(i);
        CHECK((xml.find(">" + std::string(kSafetyFlags.text(flag)) + "<") != std::string::npos) ==
              codec::Safety{}.has(flag));
    }
    CHECK(xml.find("<MISPAR-DEGALIM>") != std::string::npos);
}

TEST_CASE("A non-technical fault of X-Road in an answer is a refusal") {
    const auto read = read_result(element("<n:idkunHafnayaResponse xmlns:n=\"" + std::string(kNamespace) +
                                          "\"><fault><faultCode>x</faultCode><faultString>y</faultString></"
                                          "fault></n:idkunHafnayaResponse>"),
                                  "call.update", mapping());
    CHECK(read == CallResult{ResultKind::refused});
}

TEST_CASE("A result reads as it was written and says in Hebrew and English what is wrong") {
    for (std::size_t i = 0; i < kFlaws.size(); ++i) {
        const CallResult result{ResultKind::form, {{12, "KOD-GIMLA", static_cast<Flaw>(i)}}};
        const std::string xml = write_result("call.status", result, mapping());
        CHECK(read_result(element(xml), "call.status", mapping()) == result);
        const auto& words =
            catalogue::built_in_catalogue().words("native." + std::string(kFlaws.text(static_cast<Flaw>(i))));
        CHECK(xml.find(words.he) != std::string::npos);
        CHECK(xml.find(words.en) != std::string::npos);
    }
    for (const ResultKind kind : {ResultKind::taken, ResultKind::unknown_referral, ResultKind::no_such_step,
                                  ResultKind::not_told, ResultKind::refused, ResultKind::not_now}) {
        const CallResult result{kind};
        CHECK(read_result(element(write_result("call.referral", result, mapping())), "call.referral",
                          mapping()) == result);
    }
}

TEST_CASE(
    "A code of theirs that we do not know is a refusal, and no word on how it stands; from 900 on a later") {
    const auto read = [](std::string_view code) {
        return read_result(
            element("<n:hafnayaLemitzuyZchutResponse xmlns:n=\"" + std::string(kNamespace) +
                    "\"><KOD-TOTZAA>" + std::string(code) + "</KOD-TOTZAA></n:hafnayaLemitzuyZchutResponse>"),
            "call.referral", mapping());
    };
    CHECK(read("0") == CallResult{ResultKind::taken});
    CHECK(read("199")->kind == ResultKind::form);
    CHECK(read("1")->kind == ResultKind::refused);
    CHECK(read("201")->kind == ResultKind::no_such_step);
    CHECK(read("202")->kind == ResultKind::not_told);
    CHECK(read("203")->kind == ResultKind::refused);
    CHECK(read("250")->kind == ResultKind::refused);
    CHECK(read("899")->kind == ResultKind::refused);
    CHECK(read("900")->kind == ResultKind::not_now);
    CHECK(read("999999999999")->kind == ResultKind::not_now);
    CHECK_FALSE(read("-1"));
    CHECK_FALSE(read("x"));
    CHECK_FALSE(read_result(element("<a/>"), "call.referral", mapping()));
}
