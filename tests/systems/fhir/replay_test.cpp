// Documents that nobody here wrote, on a server that nobody here wrote.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/health/document.h"
#include "adapters/health/patch_write.h"
#include "adapters/health/steps.h"
#include "adapters/health/transaction_answer.h"
#include "schemas/json/read.h"
#include "tests/systems/fhir/far_side.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;
using tests::FarSide;

namespace {

const std::filesystem::path kSamples = KESHER_SOURCE_DIR "/tests/samples";

std::string content(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    REQUIRE(stream);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
}

std::string path_of(const std::string& text) {
    const auto value = json::read(decimals_as_text(text), {1 << 20, 32}).value();
    return '/' + *value.find("resourceType")->text() + '/' + *value.find("id")->text();
}

TaskReport task_at(const std::string& path) {
    const auto report = read_task(FarSide::running().get(path).body);
    if (!report) FAIL(words_of(report.error().front(), Language::en));
    return report.value();
}

std::string replaced_all(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace

TEST_CASE("The gate takes every sample but the one that is known to be faulty") {
    int taken = 0;
    for (const std::string folder : {"il-core", "sdoh-cc"}) {
        for (const auto& entry : std::filesystem::directory_iterator(kSamples / folder)) {
            if (entry.path().extension() != ".json") continue;
            const std::string text = content(entry.path());
            const auto answer = FarSide::running().put(path_of(text), text);
            INFO(entry.path().filename());
            if (entry.path().filename() == "CommunicationRequest-fm-solicit.json") {
                CHECK(answer.status == 422);
                CHECK(read_outcome(answer.body).value().front().expression ==
                      std::vector<std::string>{"CommunicationRequest.requester"});
                continue;
            }
            CHECK(answer.status == 200);
            ++taken;
        }
    }
    CHECK(taken == 64);
}

TEST_CASE("The accepted and the completed Task of SDOH CC are told as accept, start and complete") {
    for (const std::string kind : {"Fulfillment", "Subtask"}) {
        const std::string name = "SDOHCC-TaskReferralManagementOrder" + kind;
        const std::string accepted =
            content(kSamples / "sdoh-cc" / ("Task-" + name + "AcceptedExample.json"));
        const std::string completed =
            content(kSamples / "sdoh-cc" / ("Task-" + name + "CompletedExample.json"));
        const std::string path = path_of(accepted);
        REQUIRE(FarSide::running().put(path, accepted).status == 200);
        const TaskReport first = task_at(path);
        CHECK_FALSE(first.referral);  // it bears none of our numbers
        const auto told = steps_to({ReferralState::delivered, {}}, first, {}).value();
        REQUIRE(told.size() == 1);
        CHECK(told[0].event.event == ReferralEvent::accept);
        // The same Task later: the second example under the first one's id.
        const std::string later =
            replaced_all(completed, name + "CompletedExample", name + "AcceptedExample");
        REQUIRE(FarSide::running().put(path, later, if_match(first.version)).status == 200);
        const TaskReport second = task_at(path);
        CHECK(second.version != first.version);
        const auto done = steps_to({ReferralState::accepted, {}}, second, {}).value();
        REQUIRE(done.size() == 2);
        CHECK((done[0].event.event == ReferralEvent::start && done[0].event.synthesized));
        CHECK((done[1].event.event == ReferralEvent::complete && !done[1].event.synthesized));
        CHECK(done[1].event.outcome == Outcome::provided);
    }
}
