// What the operator reads of a dropped file: which, where and what is wrong, and nothing that stands in it.
// Method: a folder on disk; each case drops files and reads the lines of the log.
#include <catch2/catch.hpp>

#include "tests/unit/social_services/arrivals.h"

using namespace kesher;
using namespace kesher::social_services;
using namespace kesher::social_services::test;

namespace {

const std::string kStatuses = "IHUB_5000_20261121_050.MSV";

std::string line_about(const Table& table, std::string_view event) {
    for (const std::string& line : table.said) {
        if (line.find("\"event\":\"" + std::string(event) + '"') != std::string::npos) return line;
    }
    return "";
}
bool stands_in_log(const Table& table, std::string_view text) {
    return std::any_of(table.said.begin(), table.said.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}
void look(Table& table, const std::string& name, const std::string& content) {
    table.drop(name, content);
    table.department().work(kNow);
}

}  // namespace

TEST_CASE("The log names file line column and flaw of a refused file in English and never the value") {
    Table table;
    table.record_consent();
    const bool referrals = GENERATE(true, false);
    if (referrals) {
        look(table, kName,
             framed({good_referral(), good_referral({{"referral", "A-2"}, {"service", "דנה"}})}));
    } else {
        look(table, kStatuses, framed({status({{"status", "77"}})}));
    }
    const std::string line = line_about(table, "file_refused");
    const std::string where =
        referrals ? R"("line":3,"column":59,"flaw":"not_a_word")" : R"("line":2,"column":59,"flaw":"status")";
    CHECK_THAT(line, Catch::Contains("\"file\":\"" + (referrals ? kName : kStatuses) + '"'));
    CHECK_THAT(line, Catch::Contains(where));
    CHECK_THAT(line, Catch::Contains("\"faults\":1"));
    CHECK_FALSE(stands_in_log(table, "דנה"));
    CHECK_FALSE(stands_in_log(table, "77\""));
}

TEST_CASE("A fault of the whole file is told with line and column 0") {
    Table table;
    look(table, kName, "");
    CHECK_THAT(line_about(table, "file_refused"),
               Catch::Contains(R"("line":0,"column":0,"flaw":"file_empty")"));
}

TEST_CASE("The name of another authority's file is told and any name of somebody's making is not") {
    Table table;
    SECTION("another authority's") {
        look(table, "IHUB_4000_20261121_001.DAT", good_file());
        CHECK_THAT(line_about(table, "file_refused"),
                   Catch::Contains(R"("file":"IHUB_4000_20261121_001.DAT")"));
    }
    SECTION("somebody's own") {
        look(table, "IHUB_5000_20261121_001 Dana.DAT", good_file());
        CHECK_THAT(line_about(table, "file_refused"), Catch::Contains(R"("file":"another_name")"));
        CHECK_FALSE(stands_in_log(table, "Dana"));
    }
    CHECK_THAT(line_about(table, "file_refused"), Catch::Contains(R"("flaw":"file_name")"));
}

TEST_CASE("The name is judged first and no known content makes a strange one a repeat") {
    Table table;
    table.record_consent();
    SECTION("of referrals") {
        look(table, kName, good_file());
        REQUIRE(table.told(kReply).answers.at(0).taken);
        look(table, "letter.DAT", good_file());
        CHECK(table.sent() == 1);
    }
    SECTION("of statuses") {
        hand_over(table);
        const std::string file = framed({status({{"referral", number_given()}, {"pseudonym", ""}})});
        look(table, kStatuses, file);
        REQUIRE(table.names("taken").size() == 1);
        look(table, "letter.MSV", file);
    }
    SECTION("and before its form") { look(table, "letter.DAT", ""); }
    REQUIRE(fs::exists(table.root / "files/out/letter.MSV"));
    const Answer answer = table.told("letter.MSV").answers.at(0);
    CHECK_FALSE(answer.taken);
    CHECK(answer.flaw == Flaw::file_name);
    CHECK(table.names("refused").size() == 1);
    CHECK(table.names("inbox").empty());
}

TEST_CASE("A file under an ending that is not read stays and is told once each time that it appears") {
    Table table;
    const std::string lower = "IHUB_5000_20261121_001.dat";
    look(table, lower, good_file());
    table.department().work(kNow);
    CHECK(table.times_said("file_passed_over") == 1);
    CHECK(table.names("inbox") == std::vector{lower});
    CHECK(table.names("out").empty());
    SECTION("beside it another one") {
        table.drop("Dana.doc", "x");
        look(table, "Dana.txt", "x");
        CHECK(table.times_said("file_passed_over") == 2);
        CHECK(stands_in_log(table, R"("files":2)"));
        CHECK_FALSE(stands_in_log(table, "Dana"));
    }
    SECTION("taken away and dropped again") {
        fs::remove(table.root / "files/inbox" / lower);
        table.department().work(kNow);
        CHECK(table.times_said("file_passed_over") == 1);
        look(table, lower, good_file());
        CHECK(table.times_said("file_passed_over") == 2);
    }
    CHECK_FALSE(stands_in_log(table, ".dat"));
    CHECK_FALSE(table.was_said("file_refused"));
}

TEST_CASE("Of a file that is still written or begins with a dot nobody is warned") {
    Table table;
    look(table, '.' + kName + ".part", good_file());
    CHECK_FALSE(table.was_said("file_passed_over"));
    table.settle = std::chrono::hours{1};
    table.restart();
    look(table, kName + ".part", good_file());
    CHECK_FALSE(table.was_said("file_passed_over"));
}
