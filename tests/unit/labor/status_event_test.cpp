// What they say of a referral leads to a state, what we say of it is written, and each event has its answer.
#include "adapters/labor/status_event.h"

#include <catch2/catch.hpp>

#include "config/catalogue/catalogue.h"
#include "schemas/json/read.h"
#include "schemas/statement/hash.h"
#include "tests/unit/labor/labor_mapping.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::labor;
using labor::test::mapping;
using labor::test::with;
using record::Meaning;
using S = ReferralState;

namespace {

ReferralId referral() {
    std::array<std::uint8_t, 16> bytes{};
    bytes.back() = 7;
    return ReferralId::of_random(bytes);
}
std::string body(const std::string& data) {
    return R"({"specversion":"1.0","id":"s-1","source":"urn:labor","type":"il.kesher.referral.status.v1",)"
           R"("time":"2026-11-23T10:00:00+02:00","referralid":")" +
           referral().text() + R"(","data":{)" + data + "}}";
}
Result<Status, FieldFaults> read(const std::string& event) {
    return read_status(read_event(event).value(), mapping());
}
FieldFault fault(const std::string& event) {
    const auto refused = read(event);
    REQUIRE_FALSE(refused);
    return refused.error().front();
}
const std::string kSchedule =
    R"("schedule":{"startDate":"2026-12-01T10:00:00+02:00","duration":"PT30M","location":"floor 2"})";

}  // namespace

TEST_CASE("A status of theirs is a state by schema.org's action status and the sub-status beside it") {
    const auto active = read(body(R"("actionStatus":"ActiveActionStatus")"));
    REQUIRE(active);
    CHECK(active->referral == referral());
    CHECK(text(active->on) == "2026-11-23");
    CHECK(active->meaning == Meaning{S::accepted});
    CHECK(read(body(R"("actionStatus":"ActiveActionStatus","x-substatus":"started")"))->meaning ==
          Meaning{S::in_progress});
    CHECK(read(body(R"("actionStatus":"FailedActionStatus")"))->meaning ==
          Meaning{S::declined, Reason::not_eligible});
    CHECK(read(body(R"("actionStatus":"CompletedActionStatus","result":"partly")"))->meaning ==
          Meaning{S::completed, {}, contract::Outcome::partly});
}

TEST_CASE("A reason of theirs takes the place of the mapping's and must belong to the state") {
    CHECK(
        read(body(R"("actionStatus":"FailedActionStatus","error":{"code":"out-of-area"})"))->meaning.reason ==
        Reason::out_of_area);
    CHECK(fault(body(R"("actionStatus":"FailedActionStatus","error":{"code":"docs-missing"})")) ==
          FieldFault{0, "/data/error/code", Flaw::value});
    CHECK(fault(body(R"("actionStatus":"FailedActionStatus","error":{"code":"whim"})")).flaw ==
          Flaw::unknown_code);
    CHECK(fault(body(R"("actionStatus":"ActiveActionStatus","result":"partly")")) ==
          FieldFault{0, "/data/result", Flaw::value});
}

TEST_CASE("Where the mapping says no outcome each status that completes says its own") {
    const auto own = record::Mapping::parse(
        with(std::string(built_in_mapping()), "\"COMPLETED provided\"", "\"COMPLETED\""), "theirs.toml",
        mapping_form());
    REQUIRE(own);
    const auto completed = [&](const std::string& beside) {
        return read_status(read_event(body(R"("actionStatus":"CompletedActionStatus")" + beside)).value(),
                           *own);
    };
    CHECK(completed(R"(,"result":"partly")")->meaning.outcome == contract::Outcome::partly);
    CHECK(completed("").error() == FieldFaults{{0, "/data/result", Flaw::missing}});
}

TEST_CASE("An appointment comes with a status of SCHEDULED and with no other") {
    const auto read_it =
        read(body(R"("actionStatus":"ActiveActionStatus","x-substatus":"scheduled",)" + kSchedule));
    REQUIRE(read_it);
    CHECK(read_it->appointment->place == "floor 2");
    CHECK(fault(body(R"("actionStatus":"ActiveActionStatus","x-substatus":"scheduled")")) ==
          FieldFault{0, "/data/schedule", Flaw::missing});
    CHECK(fault(body(R"("actionStatus":"ActiveActionStatus",)" + kSchedule)) ==
          FieldFault{0, "/data/schedule", Flaw::value});
}

TEST_CASE("A status without what it must say is refused with each fault") {
    const std::string good = body(R"("actionStatus":"ActiveActionStatus")");
    CHECK(fault(with(good, "\"referralid\"", "\"other\"")) == FieldFault{0, "/referralid", Flaw::missing});
    CHECK(fault(with(good, referral().text(), "000000018")) == FieldFault{0, "/referralid", Flaw::not_an_id});
    CHECK(fault(with(good, R"("time":"2026-11-23T10:00:00+02:00",)", "")) ==
          FieldFault{0, "/time", Flaw::missing});
    CHECK(fault(body("")) == FieldFault{0, "/data/actionStatus", Flaw::missing});
    CHECK(fault(body(R"("actionStatus":"WishfulActionStatus")")) ==
          FieldFault{0, "/data/actionStatus", Flaw::unknown_code});
    CHECK(fault(body(R"("actionStatus":"ActiveActionStatus","x-substatus":"dreaming")")) ==
          FieldFault{0, "/data/x-substatus", Flaw::unknown_code});
    CHECK(fault(body(R"("actionStatus":7)")) == FieldFault{0, "/data/actionStatus", Flaw::value});
}

TEST_CASE("What we say of a referral names it the event and the day and nothing of her") {
    const auto id = MessageId::of_random({});
    const auto by = OrganisationId::parse("ssd-5000").value();
    for (const std::string_view word : record::kUpdateWords) {
        CAPTURE(std::string(word));
        const Update update{referral(), word, parse_day("2026-11-23").value(), Reason::entered_twice};
        const auto event = read_event(write_update(id, by, update, mapping()));
        REQUIRE(event);
        CHECK(event->id == id.text());
        CHECK(event->type == "il.kesher.referral.updated.v1");
        CHECK(*event->whole.find("referralid")->text() == referral().text());
        CHECK(*mapping().word("event", *event->data().find("referralEvent")->text()) == word);
        CHECK(*event->data().find("startTime")->text() == "2026-11-23");
        CHECK(event->data().members()->size() == 5);
    }
}

TEST_CASE("The safety flags that stand beside words go with them in an update") {
    Update update{referral(), "hold", parse_day("2026-11-23").value()};
    update.words = "x";
    update.safety = codec::Safety{};
    const auto event =
        read_event(write_update(MessageId::of_random({}), OrganisationId::hub(), update, mapping()));
    const json::Value* policy = event->data().find("contactPolicy");
    REQUIRE(policy != nullptr);
    CHECK(policy->find("flags")->array()->size() == kSafetyFlags.size());
    CHECK(*policy->find("flagCount")->integer() == static_cast<std::int64_t>(kSafetyFlags.size()));
}

TEST_CASE("A receipt is of one event and of these bytes of it alone") {
    const auto event = read_event(body(R"("actionStatus":"ActiveActionStatus")")).value();
    const Digest digest = statement::sha256("these bytes"), other = statement::sha256("other bytes");
    const auto receipt =
        read_event(write_receipt("urn:labor", event, digest, parse_day("2026-11-23").value(), {}, mapping()));
    REQUIRE(receipt);
    CHECK(is_receipt_of(*receipt, "s-1", digest, mapping()));
    CHECK_FALSE(is_receipt_of(*receipt, "s-2", digest, mapping()));
    CHECK_FALSE(is_receipt_of(*receipt, "s-1", other, mapping()));
    CHECK_FALSE(is_receipt_of(event, "s-1", digest, mapping()));
}

TEST_CASE("A problem reads as it was written and says in Hebrew and English what is wrong") {
    for (const ResultKind kind :
         {ResultKind::unknown_referral, ResultKind::no_such_step, ResultKind::not_told, ResultKind::refused,
          ResultKind::changed, ResultKind::not_now}) {
        const CallResult result{kind};
        CHECK(read_problem(http_status(kind), write_problem(result)) == result);
    }
    for (std::size_t i = 0; i < record::kFlaws.size(); ++i) {
        const auto flaw = static_cast<Flaw>(i);
        const CallResult result{ResultKind::form, {{0, "/data/x", flaw}, {0, "/time", Flaw::missing}}};
        const std::string problem = write_problem(result);
        CHECK(read_problem(422, problem) == result);
        const auto& words =
            catalogue::built_in_catalogue().words("native." + std::string(record::kFlaws.text(flaw)));
        CHECK(problem.find(words.he) != std::string::npos);
        CHECK(problem.find(words.en) != std::string::npos);
    }
    CHECK(http_status(ResultKind::taken) == 202);
}

TEST_CASE("A problem is of one event and of these bytes of it alone, where it says so") {
    const Answering event{"m-1", statement::sha256("these bytes")};
    const std::string problem = write_problem({ResultKind::no_such_step}, event);
    CHECK(is_problem_of(problem, event));
    CHECK_FALSE(is_problem_of(problem, {"m-2", event.body}));
    CHECK_FALSE(is_problem_of(problem, {"m-1", statement::sha256("other bytes")}));
    CHECK_FALSE(is_problem_of(write_problem({ResultKind::no_such_step}), event));
    CHECK_FALSE(is_problem_of("", event));
}

TEST_CASE("A status of HTTP alone says no more of a referral than it can: a proxy's 404 is no word on it") {
    CHECK_FALSE(read_problem(404, "<html>not found</html>"));
    CHECK_FALSE(read_problem(409, "{}"));
    CHECK_FALSE(read_problem(403, ""));
    CHECK_FALSE(read_problem(500, write_problem({ResultKind::unknown_referral})));
    CHECK_FALSE(read_problem(404, write_problem({ResultKind::no_such_step})));
    CHECK_FALSE(read_problem(422, ""));
    CHECK_FALSE(read_problem(400, "{}"));
    CHECK(read_problem(429, "") == CallResult{ResultKind::not_now});
    // What a proxy cut off may have been done.
    CHECK_FALSE(read_problem(503, ""));
    CHECK_FALSE(read_problem(408, ""));
}
