// What a command says: short lines for people, one object for programs, and a refusal that helps.
#include <catch2/catch.hpp>

#include "adapters/ctl/report.h"
#include "schemas/contract/limits.h"
#include "schemas/json/read.h"

using namespace kesher;
using namespace kesher::ctl;

namespace {

const kit::Receipted receipt_17{contract::LeafIndex{17}, "-\n{}\n", "c2sp.org/tlog-proof@v1\n"};

json::Value read(const std::string& text) {
    auto value = json::read(text);
    REQUIRE(value);
    return *std::move(value);
}

}  // namespace

TEST_CASE("People get aligned lines and a program gets the same facts as one object") {
    Report report;
    report.text("message", "m-1").number("size", 3).receipt(receipt_17);
    const Outcome outcome = report;
    CHECK(said(outcome, false).out == "message  m-1\nsize     3\nleaf     17\n");
    CHECK(said(outcome, false).exit_code == 0);
    const auto object = read(said(outcome, true).out);
    CHECK(*object.find("holds")->boolean());
    CHECK(*object.find("message")->text() == "m-1");
    CHECK(*object.find("index")->integer() == 17);
    CHECK(*object.find("receipt")->text() == receipt_17.receipt);
}

TEST_CASE("A table stands in columns for people and as objects for programs") {
    Report report;
    report.table("organisations", {"id", "status"}, {{"nii", "active"}, {"ssd-5000", "pending"}});
    CHECK(said(Outcome(report), false).out ==
          "organisations  nii       active\n               ssd-5000  pending\n");
    const auto object = read(said(Outcome(report), true).out);
    const auto& rows = *object.find("organisations")->array();
    REQUIRE(rows.size() == 2);
    CHECK(*rows[1].find("status")->text() == "pending");
}

TEST_CASE("An empty table is an empty list and no line") {
    Report report;
    report.table("deliveries", {"id"}, {});
    CHECK(said(Outcome(report), false).out.empty());
    CHECK(said(Outcome(report), true).out == "{\"holds\":true,\"deliveries\":[]}\n");
}

TEST_CASE("What the hub answers is shown line by line and its proofs only to programs") {
    const auto answer =
        read(R"({"state":"ACCEPTED","events_allowed":["start","hold"],"index":4,"leaf":"-","receipt":"r"})");
    Report report;
    report.hub_json(answer);
    CHECK(report.for_people() == "state           ACCEPTED\nevents_allowed  start hold\nindex           4\n");
    CHECK(*read(said(Outcome(report), true).out).find("receipt")->text() == "r");
}

TEST_CASE("A refusal says its published code and what helps and ends with exit code 1") {
    const Outcome outcome = contract::Failure{refusal(contract::Code::consent_missing, receipt_17)};
    const Said people = said(outcome, false);
    CHECK(people.exit_code == 1);
    CHECK(people.out.starts_with("REFUSED: consent_missing: "));
    CHECK(people.out.find("record her consent") != std::string::npos);
    CHECK(people.out.ends_with("  leaf 17\n"));
    const auto object = read(said(outcome, true).out);
    CHECK_FALSE(*object.find("holds")->boolean());
    CHECK(*object.find("refused")->text() == "consent_missing");
    CHECK(*object.find("leaf")->text() == receipt_17.leaf);
}

TEST_CASE("What helps is told to a person as a command and never as a call over HTTP") {
    for (std::size_t i = 0; i < contract::kCodeCount; ++i) {
        const Refusal made = refusal(static_cast<contract::Code>(i));
        CAPTURE(made.word);
        CHECK_FALSE(made.remedy.empty());
        for (const char* part : {"/v1", "GET ", "PUT ", "POST "}) {
            CHECK(made.remedy.find(part) == std::string::npos);
        }
    }
    CHECK(refusal(contract::Code::recipient_unknown).remedy ==
          "Choose a recipient that `kesherctl org list` shows.");
    // Every other remedy is the published one.
    CHECK(refusal(contract::Code::consent_missing).remedy ==
          facts_of(contract::Code::consent_missing).remedy);
}

TEST_CASE("After a withdrawal it is said from when on a new consent counts") {
    const std::string remedy = refusal(contract::Code::consent_revoked).remedy;
    CHECK(contract::limits::kConsentRestAfterWithdrawal == std::chrono::hours{24});
    CHECK(remedy.find("unless she consents anew") != std::string::npos);
    CHECK(remedy.find("24 hours after her withdrawal") != std::string::npos);
}

TEST_CASE("A refusal of the own kit names the fields and never their values") {
    const Refusal made = refusal(kit::Refused{contract::Code::consent_groups, {"HEALTH", "HOUSING"}});
    CHECK(made.word == "consent_groups");
    CHECK(made.sentence.ends_with("(HEALTH, HOUSING)"));
}

TEST_CASE("A hub that cannot be reached and one that proves nothing are told apart") {
    using Kind = kit::HubFault::Kind;
    CHECK(refusal(kit::HubFault{.kind = Kind::unreachable, .text = ""}).word == "unreachable");
    CHECK(refusal(kit::HubFault{.kind = Kind::receipt_unproven, .text = ""}).word == "unproven");
    CHECK(refusal(kit::HubFault{.kind = Kind::refused, .code = contract::Code::busy, .text = ""}).word ==
          "busy");
}

TEST_CASE("A recipient that has declared nothing is told apart from a schema that nobody released") {
    const Refusal undeclared = refusal(kit::Refused{contract::Code::schema_unknown, {"reads"}});
    CHECK(undeclared.word == "schema_unknown");
    CHECK(undeclared.sentence.find("not declared") != std::string::npos);
    const Refusal unknown = refusal(kit::Refused{contract::Code::schema_unknown});
    CHECK(unknown.sentence.find("not declared") == std::string::npos);
}

TEST_CASE("What a terminal would obey is shown as a sign and a program gets it as it was said") {
    const std::string said_by_hub =
        "a\x1B[2Jb\rc\xC2\x9B"
        "d\xE2\x80\xAE"
        "e\xE2\x81\xA6\x7F";
    Report report;
    report.text("of", said_by_hub).text("hebrew", "שלום").text("calendar", "one\r\ntwo");
    const std::string shown = said(Outcome(report), false).out;
    CHECK(shown.find("a\uFFFD[2Jb\uFFFDc\uFFFDd\uFFFDe\uFFFD\uFFFD\n") != std::string::npos);
    CHECK(shown.find("שלום\n") != std::string::npos);
    CHECK(shown.find("one\r\ntwo\n") != std::string::npos);
    CHECK(*read(said(Outcome(report), true).out).find("of")->text() == said_by_hub);
    const Refusal refusal{"word", "sentence \x1B]0;owned\x07", {}, {}};
    CHECK(said(Outcome(contract::Failure{refusal}), false).out.find('\x1B') == std::string::npos);
}

TEST_CASE("What a hub says begins no line of its own and takes no word of ours") {
    const auto said_by_hub =
        read(R"({"state":"x\nleaf  4711","holds":true,"refused":"none","rows":[{"a":"b\r\nc"}]})");
    Report report;
    report.hub_json(said_by_hub).does_not_hold("word", "sentence");
    CHECK(said(Outcome(report), false).out ==
          "state  x leaf  4711\nrows   a=b  c\nREFUSED: word: sentence\n");
    const std::string object = said(Outcome(report), true).out;
    CHECK(object.find("\"holds\":true") == std::string::npos);
    CHECK(object.find("\"refused\":\"none\"") == std::string::npos);
}
