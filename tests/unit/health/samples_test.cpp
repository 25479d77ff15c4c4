// The table of samples in adapters/health/README.md, held against the files themselves.
// Method: the README's rows are read; each file has one row, and what the row says of it is tried.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "adapters/health/bundle_write.h"
#include "adapters/health/document.h"
#include "adapters/health/task_read.h"
#include "schemas/json/read.h"
#include "tests/unit/record/referrals.h"

using namespace kesher;
using namespace kesher::contract;
using namespace kesher::health;

namespace {

const std::filesystem::path kRoot = KESHER_SOURCE_DIR;

std::string content(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    REQUIRE(stream);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
}

struct Row {
    std::string standing;  // read | written | out
    std::string reason;
};

// | `il-core/Task-refill.json` | out | why |
std::map<std::string, Row> table() {
    std::map<std::string, Row> rows;
    std::istringstream lines(content(kRoot / "adapters/health/README.md"));
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `il-core/") && !line.starts_with("| `sdoh-cc/")) continue;
        std::vector<std::string> cells;
        std::istringstream row(line);
        for (std::string cell; std::getline(row, cell, '|');) {
            const auto from = cell.find_first_not_of(" `");
            const auto to = cell.find_last_not_of(" `");
            cells.push_back(from == std::string::npos ? "" : cell.substr(from, to - from + 1));
        }
        REQUIRE(cells.size() == 4);
        REQUIRE(rows.emplace(cells[1] + (cells[1].ends_with(".json") ? "" : ".json"), Row{cells[2], cells[3]})
                    .second);
    }
    return rows;
}

std::set<std::string> files() {
    std::set<std::string> found;
    for (const std::string folder : {"il-core", "sdoh-cc"})
        for (const auto& entry : std::filesystem::directory_iterator(kRoot / "tests/samples" / folder))
            if (entry.path().extension() == ".json")
                found.insert(folder + '/' + entry.path().filename().string());
    return found;
}

// The text with more of it behind the first place where this stands.
std::string with(std::string text, std::string_view behind, std::string_view more) {
    const auto at = text.find(behind);
    REQUIRE(at != std::string::npos);
    return text.insert(at + behind.size(), more);
}

json::Value sample(const std::string& name) {
    return json::read(decimals_as_text(content(kRoot / "tests/samples" / name)), {1 << 20, 32}).value();
}

const std::string& text_at(const json::Value& value, std::string_view key) {
    return *value.find(key)->text();
}

// What we write: type -> its profile (empty where it has none) and the resource.
std::map<std::string, json::Value> written(const Referral& referral) {
    const auto bundle = json::read(transaction_bundle(referral), {1 << 20, 32}).value();
    std::map<std::string, json::Value> found;
    for (const json::Value& entry : *bundle.find("entry")->array()) {
        const json::Value& resource = *entry.find("resource");
        found.emplace(text_at(resource, "resourceType"), resource);
    }
    return found;
}

std::string profile(const json::Value& resource) {
    const json::Value* meta = resource.find("meta");
    const json::Value* profiles = meta == nullptr ? nullptr : meta->find("profile");
    return profiles == nullptr ? "" : *profiles->array()->front().text();
}

}  // namespace

TEST_CASE("Each of the 65 samples has its row and each row its sample") {
    const auto rows = table();
    std::set<std::string> named;
    std::map<std::string, int> count;
    for (const auto& [name, row] : rows) {
        named.insert(name);
        ++count[row.standing];
        CHECK_FALSE(row.reason.empty());
    }
    CHECK(named == files());
    CHECK(rows.size() == 65);
    const std::string said = std::to_string(count["read"]) + " read, " + std::to_string(count["written"]) +
                             " written, " + std::to_string(count["out"]) + " out";
    CHECK(count["read"] + count["written"] + count["out"] == 65);
    CHECK(content(kRoot / "adapters/health/README.md").find(said) != std::string::npos);
}

TEST_CASE(
    "Of the five samples that come back to us four are understood and one is refused, as its row says") {
    std::map<std::string, int> came;
    for (const auto& [name, row] : table()) {
        if (row.standing != "read") continue;
        INFO(name);
        const std::string text = content(kRoot / "tests/samples" / name);
        if (name.find("Appointment-") != std::string::npos) {
            const auto report = read_appointment(text);
            REQUIRE_FALSE(report);
            CHECK(row.reason.starts_with("refused at " + report.error().front().place + ": "));
            CHECK(report.error().size() == 1);
            ++came["refused"];
            // With a label for its place, and nothing else changed, she could be told of it.
            CHECK(
                read_appointment(with(text, "\"Location/hospital-unit\"", ", \"display\": \"Entrance 2\"")));
            continue;
        }
        // The samples tell no day of change; a server does (tests/systems/fhir). All else is understood.
        const auto report = read_task(text);
        REQUIRE_FALSE(report);
        CHECK(report.error() == FhirFaults{{"Task.lastModified", Flaw::missing}});
        const auto dated = read_task(with(text, "{", "\"lastModified\": \"2026-11-21\","));
        REQUIRE(dated);
        std::string said(kReferralStates.text(dated->state));
        if (dated->outcome) said += ", `" + std::string(kOutcomes.text(*dated->outcome)) + '`';
        CHECK(row.reason == said + "; replayed");
        ++came["understood"];
    }
    CHECK(came == std::map<std::string, int>{{"refused", 1}, {"understood", 4}});
}

TEST_CASE("A sample that is written is of a type and a profile that we write") {
    const auto ours = written(record::samples::whole());
    for (const auto& [name, row] : table()) {
        if (row.standing != "written") continue;
        INFO(name);
        const json::Value theirs = sample(name);
        const auto found = ours.find(text_at(theirs, "resourceType"));
        REQUIRE(found != ours.end());
        if (name.starts_with("il-core/")) CHECK(profile(found->second) == profile(theirs));
    }
}

TEST_CASE("A sample that is out is of a type that we do not write or names what we do not hold") {
    const auto ours = written(record::samples::whole());
    for (const auto& [name, row] : table()) {
        if (row.standing != "out") continue;
        INFO(name);
        const json::Value theirs = sample(name);
        const std::string& type = text_at(theirs, "resourceType");
        if (type == "Task") {
            const auto report = read_task(content(kRoot / "tests/samples" / name));
            REQUIRE_FALSE(report);
            CHECK(report.error().front().flaw == Flaw::not_ours);
            continue;
        }
        if (!ours.contains(type)) continue;
        // Of a type that we write: then another profile, or a member that ours never has.
        bool more = profile(theirs) != profile(ours.at(type));
        for (const json::Member& member : *theirs.members())
            more = more || ours.at(type).find(member.key) == nullptr;
        CHECK(more);
    }
}

TEST_CASE("She is masked just as IL-Core's own example masks") {
    const json::Value theirs = sample("il-core/Patient-patient-israeli-redacted.json");
    const json::Value ours = written(record::samples::known_by(KnownBy::presents)).at("Patient");
    for (const auto member : {"_gender", "_birthDate", "gender"})
        CHECK(*ours.find(member) == *theirs.find(member));
    const json::Value& tag = ours.find("meta")->find("tag")->array()->front();
    const json::Value& their_tag = theirs.find("meta")->find("tag")->array()->front();
    for (const auto member : {"system", "code", "display"})
        CHECK(*tag.find(member) == *their_tag.find(member));
    const json::Value& name = ours.find("name")->array()->front();
    const json::Value& their_name = theirs.find("name")->array()->front();
    for (const auto member : {"_family", "_given"}) CHECK(*name.find(member) == *their_name.find(member));
}
