// What the exchange says of a referral is a patch that adds to what stands there and takes nothing away.
#include "adapters/health/patch_write.h"

#include <catch2/catch.hpp>

#include "schemas/json/read.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

const auto kMessage = MessageId::parse("6f0a1b2c-3d4e-4f5a-8b6c-7d8e9f0a1b2c").value();
const std::string kTag = R"({"system":"urn:kesher:message","code":"6f0a1b2c-3d4e-4f5a-8b6c-7d8e9f0a1b2c"})";

json::Value resource(const std::string& members) {
    return json::read(R"({"resourceType":"Task")" + members + '}').value();
}
codec::ReferralEventPayload event(ReferralEvent what, std::optional<Reason> reason = {}) {
    return {.event = what, .reason = reason, .occurred_on = parse_day("2026-11-21").value()};
}

}  // namespace

TEST_CASE("A withdrawal is told with its day and cause and nothing else is touched") {
    const auto task = resource(R"(,"status":"requested","owner":{"reference":"Organization/4"})");
    CHECK(
        Patch(task).status("cancelled").told(event(ReferralEvent::withdraw)).take() ==
        R"([{"op":"replace","path":"/status","value":"cancelled"},)"
        R"({"op":"add","path":"/lastModified","value":"2026-11-21"},)"
        R"({"op":"add","path":"/statusReason","value":{"coding":[{"system":"urn:kesher:event","code":"withdraw"}]}}])");
}

TEST_CASE("A resource is ours under the number that it bears and under no other") {
    const std::string number = "11111111-2222-4333-8444-555555555555";
    const auto with = [](const std::string& system, const std::string& value) {
        return resource(R"(,"identifier":[{"value":"1"},{"system":")" + system + R"(","value":")" + value +
                        R"("}])");
    };
    CHECK(has_uuid(with("urn:ietf:rfc:3986", "urn:uuid:" + number), number));
    CHECK_FALSE(has_uuid(with("urn:ietf:rfc:3986", "urn:uuid:11111111-2222-4333-8444-555555555556"), number));
    CHECK_FALSE(has_uuid(with("urn:else", "urn:uuid:" + number), number));
    CHECK_FALSE(has_uuid(resource(R"(,"identifier":"none")"), number));
    CHECK_FALSE(has_uuid(resource(""), number));
}

TEST_CASE("A reason stands beside the event") {
    const auto task = resource(R"(,"status":"requested")");
    const std::string patch = Patch(task).told(event(ReferralEvent::cancel, Reason::entered_twice)).take();
    CHECK(patch.find(R"({"system":"urn:kesher:reason","code":"entered-twice"})") != std::string::npos);
}

TEST_CASE("A status that stands there already is not written again") {
    CHECK(Patch(resource(R"(,"status":"cancelled")")).status("cancelled").take().empty());
    CHECK(Patch(resource(R"(,"status":"requested")")).status("").take().empty());
}

TEST_CASE("Every status of R4 after which nothing comes has ended and no other has") {
    for (const auto word : {"completed", "rejected", "failed", "cancelled", "entered-in-error"})
        CHECK(has_ended("Task", word));
    for (const auto word :
         {"draft", "requested", "received", "accepted", "ready", "in-progress", "on-hold", ""})
        CHECK_FALSE(has_ended("Task", word));
    for (const auto word : {"completed", "revoked", "entered-in-error"})
        CHECK(has_ended("ServiceRequest", word));
    for (const auto word : {"draft", "active", "on-hold", "unknown", ""})
        CHECK_FALSE(has_ended("ServiceRequest", word));
    for (const auto word : {"inactive", "rejected", "entered-in-error"}) CHECK(has_ended("Consent", word));
    for (const auto word : {"draft", "proposed", "active", ""}) CHECK_FALSE(has_ended("Consent", word));
}

TEST_CASE("A tag is added to those that stand there or makes their list") {
    const auto tagged = resource(R"(,"meta":{"tag":[{"system":"a","code":"b"}]})");
    CHECK(Patch(tagged).tag(kMessage).take() ==
          R"([{"op":"add","path":"/meta/tag/-","value":)" + kTag + "}]");
    CHECK_FALSE(has_tag(tagged, kMessage));
    const auto bare = resource(R"(,"meta":{"versionId":"1"})");
    CHECK(Patch(bare).tag(kMessage).take() == R"([{"op":"add","path":"/meta/tag","value":[)" + kTag + "]}]");
    CHECK(has_tag(resource(R"(,"meta":{"tag":[)" + kTag + "]}"), kMessage));
    CHECK_FALSE(has_tag(
        resource(R"(,"meta":{"tag":[{"system":"other","code":"6f0a1b2c-3d4e-4f5a-8b6c-7d8e9f0a1b2c"}]})"),
        kMessage));
}

TEST_CASE("A note is added once") {
    CHECK(Patch(resource("")).note("a").take() == R"([{"op":"add","path":"/note","value":[{"text":"a"}]}])");
    const auto noted = resource(R"(,"note":[{"text":"a"}])");
    CHECK(Patch(noted).note("a").take().empty());
    CHECK(Patch(noted).note("b").take() == R"([{"op":"add","path":"/note/-","value":{"text":"b"}}])");
}

TEST_CASE("Each word of the exchange has its statuses and the recipient's own events have none") {
    using E = ReferralEvent;
    using S = ReferralState;
    for (const E ends : {E::withdraw, E::cancel, E::expire})
        CHECK(status_words(ends, S::withdrawn) == StatusWords{"cancelled", "revoked"});
    CHECK(status_words(E::mark_error, S::erroneous) == StatusWords{"entered-in-error", "entered-in-error"});
    CHECK(status_words(E::freeze, S::accepted) == StatusWords{"on-hold", "on-hold"});
    CHECK(status_words(E::hold, S::on_hold) == StatusWords{"on-hold", "on-hold"});
    CHECK(status_words(E::unfreeze, S::delivered) == StatusWords{"received", "active"});
    CHECK(status_words(E::unfreeze, S::scheduled) == StatusWords{"accepted", "active"});
    CHECK(status_words(E::unfreeze, S::on_hold) == StatusWords{"on-hold", "on-hold"});
    CHECK(status_words(E::resume, S::in_progress) == StatusWords{"in-progress", "active"});
    CHECK(status_words(E::schedule, S::scheduled) == StatusWords{"", ""});
    for (const E own : {E::accept, E::decline, E::complete, E::deliver, E::no_show, E::fail})
        CHECK_FALSE(status_words(own, S::accepted));
}

TEST_CASE("A version is named as HTTP names it") { CHECK(if_match("3") == R"(W/"3")"); }
