// Of a search only who, which version and when is read; what may come into a URL is judged.
#include "adapters/health/search_read.h"

#include <catch2/catch.hpp>

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

const std::string kReferral = "11111111-2222-4333-8444-555555555555";

std::string bundle(const std::string& entries, const std::string& more = "") {
    return R"({"resourceType":"Bundle","type":"searchset")" + more + R"(,"entry":[)" + entries + "]}";
}
std::string task(const std::string& id, const std::string& members = "") {
    return R"({"resource":{"resourceType":"Task","id":")" + id + '"' + members + "}}";
}

}  // namespace

TEST_CASE("A page of Tasks tells location and version and time and whose it is") {
    const std::string members =
        R"(,"meta":{"versionId":"3","lastUpdated":"2026-11-21T09:00:00+02:00"},"identifier":[)"
        R"({"system":"urn:ietf:rfc:3986","value":"urn:oid:1.2"},)"
        R"({"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" +
        kReferral + R"("}])";
    const auto page = read_search(bundle(task("17", members) + ',' + task("18")), "Task").value();
    REQUIRE(page.found.size() == 2);
    CHECK(page.found[0].location == "Task/17");
    CHECK(page.found[0].version == "3");
    CHECK(text(page.found[0].updated.value()) == "2026-11-21T07:00:00.000Z");
    CHECK(page.found[0].referral == ReferralId::parse(kReferral));
    CHECK(page.found[1] == Found{"Task/18", {}, {}, {}});
    CHECK_FALSE(page.more);
}

TEST_CASE("A match tells its numbers and the messages that it is tagged with and of other systems nothing") {
    const std::string members =
        R"(,"meta":{"tag":[{"system":"urn:kesher:message","code":"m"},{"system":"urn:else","code":"n"}]},)"
        R"("identifier":[{"system":"urn:else","value":"urn:uuid:x"},)"
        R"({"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" +
        kReferral + R"("}])";
    const auto page = read_search(bundle(task("17", members)), "Task").value();
    REQUIRE(page.found.size() == 1);
    CHECK(page.found[0].uuids == std::vector{"urn:uuid:" + kReferral});
    CHECK(page.found[0].messages == std::vector<std::string>{"m"});
}

TEST_CASE("Entries of another type are counted and passed over") {
    const auto page =
        read_search(bundle(R"({"resource":{"resourceType":"OperationOutcome"}},)" + task("1")), "Task")
            .value();
    CHECK(page.found.size() == 1);
    CHECK(page.entries == 2);
}

TEST_CASE("A next page is known and its address is not") {
    const auto page = read_search(
        bundle(task("1"),
               R"(,"link":[{"relation":"self"},{"relation":"next","url":"http://else.example/"}])"),
        "Task");
    CHECK(page->more);
}

TEST_CASE("A search without matches has none") {
    CHECK(read_search(R"({"resourceType":"Bundle","type":"searchset","total":0})", "Task")->found.empty());
}

TEST_CASE("What is no answer to a search is refused") {
    CHECK_FALSE(read_search(R"({"resourceType":"Bundle","type":"history"})", "Task"));
    CHECK_FALSE(read_search(R"({"resourceType":"OperationOutcome"})", "Task"));
    CHECK_FALSE(read_search("<html>", "Task"));
    CHECK_FALSE(read_search(bundle(task("../Patient/1")), "Task"));
}

TEST_CASE("Only a type and an id come into a URL") {
    CHECK(is_location("Task/a-1.B", "Task"));
    CHECK(is_location("Task/" + std::string(64, 'a'), "Task"));
    CHECK_FALSE(is_location("Task/" + std::string(65, 'a'), "Task"));
    for (const auto bad : {"Task/", "Task", "Patient/1", "Task/1/_history/2", "Task/1?x=1", "Task/..",
                           "Task/ä", "http://else.example/Task/1", "TaskX/1", "Task/1 "})
        CHECK_FALSE(is_location(bad, "Task"));
}
