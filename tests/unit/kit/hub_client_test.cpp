// A receipt counts only where it holds and is about what was sent.
#include "adapters/kit/hub_client.h"

#include <catch2/catch.hpp>

#include "adapters/kit/hub_answers.h"
#include "tests/unit/kit/scripted_hub.h"

using namespace kesher;
using namespace kesher::kit;
using namespace kesher::kit::table;

namespace {

struct Line {
    Exchange exchange;
    ScriptedHub script{exchange.log};
    HubClient hub = script.client(exchange.sender.id);
    Written written = exchange.written(referral(exchange.recipient));

    void will_answer(int status, std::string body) {
        script.next.push_back([status, body = std::move(body)](const codec::Submission&) {
            return answer(status, "application/json", body);
        });
    }
    [[nodiscard]] Answered<Sent> send() { return hub.send(written.submission, written.statement); }
};

}  // namespace

TEST_CASE("An acceptance comes with its proof and a repetition with the first one") {
    Line line;
    const auto accepted = line.send();
    REQUIRE(accepted);
    CHECK(accepted->kind == Sent::Kind::accepted);
    CHECK(accepted->receipt->index == LeafIndex{0});
    line.will_answer(200, receipt_json(*accepted->receipt));
    const auto repeated = line.send();
    REQUIRE(repeated);
    CHECK(repeated->kind == Sent::Kind::repeated);
    CHECK(repeated->receipt == accepted->receipt);
}

TEST_CASE("A receipt of another statement, another log or a refusal is no acceptance") {
    Line line;
    line.will_answer(201, receipt_json(line.script.accept("a.b.c")));
    line.will_answer(201, receipt_json(line.exchange.log.append(
                              std::nullopt, decided(log::RecordEvent::accepted, log::Decision::permit))));
    line.will_answer(201, receipt_json(line.script.refuse(line.written.statement)));
    line.will_answer(
        201, receipt_json(line.exchange.log.append(
                 line.written.statement, decided(log::RecordEvent::accepted, log::Decision::partial))));
    log::Record undecided = decided(log::RecordEvent::accepted, log::Decision::permit);
    undecided.decision.reset();
    line.will_answer(201, receipt_json(line.exchange.log.append(line.written.statement, undecided)));
    SmallLog stranger(8);
    line.will_answer(
        201, receipt_json(stranger.append(line.written.statement,
                                          decided(log::RecordEvent::accepted, log::Decision::permit))));
    Receipted moved = line.script.accept(line.written.statement);
    moved.index = LeafIndex{0};
    line.will_answer(201, receipt_json(moved));
    line.will_answer(201, "{}");
    for (int i = 0; i < 8; ++i) {
        CAPTURE(i);
        const auto sent = line.send();
        REQUIRE_FALSE(sent);
        CHECK(sent.error().kind == HubFault::Kind::receipt_unproven);
        CHECK(sent.error().retry.retry == Retry::same);
    }
    line.will_answer(201, "no json");
    CHECK(line.send().error().kind == HubFault::Kind::answer_malformed);
}

TEST_CASE("A refusal carries its code, what it says on trying again, and its receipt where it is ours") {
    Line line;
    const auto with_receipt = [](const Receipted& receipted) {
        const std::string json = receipt_json(receipted);
        return "," + json.substr(1, json.size() - 2);
    };
    const Receipted ours = line.script.refuse(line.written.statement);
    line.will_answer(403, problem_json("consent_groups", "no", with_receipt(ours)));
    auto sent = line.send();
    REQUIRE(sent);
    CHECK(sent->kind == Sent::Kind::refused);
    CHECK(sent->code == Code::consent_groups);
    CHECK(sent->retry == RetryWord{Retry::no, {}});
    CHECK(sent->receipt == ours);

    line.will_answer(401, problem_json("signature_invalid", "no", with_receipt(line.script.refuse("a.b.c"))));
    CHECK_FALSE(line.send()->receipt);  // somebody else's leaf
    // A leaf that took it, or refused it for another reason, is no proof of this refusal.
    line.will_answer(
        403, problem_json("consent_groups", "no", with_receipt(line.script.accept(line.written.statement))));
    CHECK_FALSE(line.send()->receipt);
    log::Record record = decided(log::RecordEvent::refused, log::Decision::deny);
    for (const Code logged : {Code::consent_revoked, Code::consent_groups}) {
        record.code = logged;
        line.will_answer(
            403, problem_json("consent_groups", "no",
                              with_receipt(line.exchange.log.append(line.written.statement, record))));
        CHECK(line.send()->receipt.has_value() == (logged == Code::consent_groups));
    }
    line.will_answer(429, problem_json("busy", "after 7"));
    CHECK(line.send()->retry == RetryWord{Retry::after, 7s});
    line.will_answer(503, "<html>");
    CHECK(line.send().error().kind == HubFault::Kind::answer_malformed);
    line.script.away = true;
    CHECK(line.send().error().kind == HubFault::Kind::unreachable);
}

namespace {

// Answers GET with what stands under its path, and notes what was asked.
class Pages final : public Transport {
public:
    Pages(std::map<std::string, std::string> pages, std::vector<std::string>& asked)
        : pages_(std::move(pages)), asked_(asked) {}
    contract::Result<edge::Answer, edge::ClientFault> send(const edge::Call& call) override {
        asked_.push_back(call.path);
        return answer(200, "application/json", pages_.at(call.path));
    }

private:
    std::map<std::string, std::string> pages_;
    std::vector<std::string>& asked_;
};

struct PagedHub {
    Exchange exchange;
    std::vector<std::string> asked;
    Answered<json::Value> cases(std::map<std::string, std::string> pages) {
        HubClient hub(std::make_unique<Pages>(std::move(pages), asked),
                      {exchange.sender.id, exchange.log.key(), [] { return kNow; }});
        return hub.cases();
    }
};

}  // namespace

TEST_CASE("Cases are read to their last page and shown as one list") {
    PagedHub hub;
    const auto cases = hub.cases({{"/v1/cases", R"({"cases":[{"pseudonym":"a"}],"next":"AAEC"})"},
                                  {"/v1/cases?after=AAEC", R"({"cases":[],"next":"AAED"})"},
                                  {"/v1/cases?after=AAED", R"({"cases":[{"pseudonym":"b"}]})"}});
    REQUIRE(cases);
    CHECK(cases->find("cases")->array()->size() == 2);
    CHECK(*cases->find("cases")->array()->back().find("pseudonym")->text() == "b");
    CHECK(cases->find("next") == nullptr);
    CHECK(hub.asked.size() == 3);
}

TEST_CASE("A page's end that does not fit into an address is not followed") {
    for (const std::string next : {"AA&limit=200", "AA EC", "AA/../x"}) {
        PagedHub hub;
        CHECK_FALSE(hub.cases({{"/v1/cases", R"({"cases":[],"next":")" + next + R"("})"}}));
        CHECK(hub.asked.size() == 1);
    }
    PagedHub hub;
    CHECK_FALSE(hub.cases({{"/v1/cases", R"({"referrals":[]})"}}));
}

TEST_CASE("A reading that names an index has no receipt to prove") {
    Line line;
    line.script.knows_messages = true;
    const auto read = line.hub.message(line.written.id);
    REQUIRE(read);
    CHECK(*read->find("index")->integer() == 3);
    line.script.knows_messages = false;
    CHECK(line.hub.message(line.written.id).error().code == Code::not_found);
}

TEST_CASE("After clock_skew the hub's time is followed") {
    Line line;
    CHECK(line.hub.now() == kNow);
    line.will_answer(429, problem_json("busy", "same", R"(,"at":"2030-01-01T00:00:00.000Z")"));
    CHECK(line.send());
    CHECK(line.hub.now() == kNow);  // only clock_skew moves it
    line.will_answer(401, problem_json("clock_skew", "no", R"(,"at":"2026-11-24T08:00:00.250Z")"));
    CHECK(line.send());
    CHECK(line.hub.now() == start_of(kToday + std::chrono::days{3}) + 8h + 250ms);
    line.will_answer(401, problem_json("clock_skew", "no"));
    CHECK(line.send());
    CHECK(line.hub.now() == kNow);  // by its Date, noon
}

TEST_CASE("A hub's time is followed a week at most and never for what the hub could gain by") {
    Line line;
    line.hub.follow_clock(kNow - HubClient::kClockFollowed);
    CHECK(line.hub.now() == kNow - HubClient::kClockFollowed);
    CHECK(line.hub.machine_now() == kNow);
    CHECK_FALSE(line.hub.clock_too_far());
    for (const auto off : {HubClient::kClockFollowed + 1ms, -HubClient::kClockFollowed - 1ms}) {
        line.hub.follow_clock(kNow + off);
        CHECK(line.hub.now() == kNow - HubClient::kClockFollowed);
        CHECK(line.hub.clock_too_far());
    }
    line.hub.follow_clock(kNow);
    CHECK(line.hub.now() == kNow);
    CHECK_FALSE(line.hub.clock_too_far());
}

TEST_CASE("Times are read in the two spellings that the contract has and in no other") {
    CHECK(parse_instant("2026-11-21T12:00:00.000Z") == kNow);
    CHECK(parse_instant("2026-11-21T12:00:00.123Z") == kNow + 123ms);
    for (const char* bad :
         {"", "2026-11-21T12:00:00Z", "2026-11-21 12:00:00.000Z", "2026-11-31T12:00:00.000Z",
          "2026-11-21T24:00:00.000Z", "2026-11-21T12:60:00.000Z", "2026-11-21T12:00:00.00-Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_instant(bad));
    }
    CHECK(parse_http_date("Sat, 21 Nov 2026 12:00:00 GMT") == kNow);
    for (const char* bad : {"", "Sat, 21 Nov 2026 12:00:00 UTC", "Sat, 31 Nov 2026 12:00:00 GMT",
                            "Saturday, 21-Nov-26 12:00:00 GMT", "Sat, 21 nov 2026 12:00:00 GMT"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_http_date(bad));
    }
}
