// Readings in words: programs get the hub's own JSON, people the catalogue's words, nobody more than the hub
// gave.
#include <algorithm>
#include <catch2/catch.hpp>

#include "adapters/ctl/published_notice.h"
#include "adapters/ctl/reading_tables.h"
#include "config/catalogue/catalogue.h"
#include "schemas/json/read.h"

using namespace kesher;
using namespace kesher::ctl;
using contract::Language;

namespace {

const catalogue::Catalogue& words() { return catalogue::built_in_catalogue(); }

json::Value read(const std::string& text) { return json::read(text).value(); }

const std::string kBoard =
    R"({"on":"2026-11-21","lines":[{"line":1,"side":"referrer","other":"nii","service":"BEN-CHILD",)"
    R"("state":"DELIVERED","days":"0-3","waiting_for":"recipient"}]})";

}  // namespace

TEST_CASE("The board stands in the words of the language and under its columns") {
    const std::string english = said(board_report(read(kBoard), words(), Language::en), false).out;
    CHECK(english.starts_with("as of 2026-11-21\nline  our side  other body"));
    CHECK(english.find("Received by the office") != std::string::npos);
    CHECK(english.find("(nii)") != std::string::npos);
    const std::string hebrew = said(board_report(read(kBoard), words(), Language::he), false).out;
    CHECK(hebrew.find("התקבל אצל הגורם") != std::string::npos);
    // Nothing of it is left in another language: heads, sides, whom it waits for.
    for (const char* word : {"as of", "line", "referrer", "recipient", "days", "state"}) {
        CAPTURE(word);
        CHECK(hebrew.find(word) == std::string::npos);
    }
    CHECK(said(board_report(read(kBoard), words(), Language::he), true).out ==
          R"({"holds":true,)" + kBoard.substr(1) + "\n");
}

TEST_CASE("A board without a line says the day and nothing else") {
    CHECK(said(board_report(read(R"({"on":"2026-11-21","lines":[]})"), words(), Language::en), false).out ==
          "as of 2026-11-21\n");
    const std::string more = R"({"on":"2026-11-21","lines":[],"more":true})";
    CHECK(said(board_report(read(more), words(), Language::en), false).out.find("more lines") !=
          std::string::npos);
}

TEST_CASE("A state that the catalogue tells her as hers is told to whoever works on her case as another's") {
    std::string withdrawn = kBoard;
    withdrawn.replace(withdrawn.find("DELIVERED"), 9, "WITHDRAWN");
    const auto out = [&](Language language) {
        return said(board_report(read(withdrawn), words(), language), false).out;
    };
    CHECK(out(Language::en).find("Withdrawn at the person's request") != std::string::npos);
    CHECK(out(Language::he).find("הוסר לבקשת הפונה") != std::string::npos);
    for (const char* hers : {"your", "לבקשתך", "طلبك", "вашей"}) {
        CAPTURE(hers);
        for (const Language language : {Language::he, Language::ar, Language::ru, Language::en}) {
            CHECK(out(language).find(hers) == std::string::npos);
        }
    }
}

TEST_CASE("The cases stand in a line for each referral, and one that has none in a line of its own") {
    const std::string cases =
        R"({"cases":[{"pseudonym":"p1","anonymous":true,"opened":"2026-11-20","referrals":[]},)"
        R"({"pseudonym":"p2","referrals":[{"referral":"r1","service":"BEN-CHILD","recipient":"nii",)"
        R"("state":"AWAITING_CONSENT","since":"2026-11-21","waiting_for":"referrer"},)"
        R"({"referral":"r2","service":"BEN-CHILD","recipient":"nii","state":"DELIVERED",)"
        R"("since":"2026-11-22","waiting_for":"recipient","consent_until":"2027-02-19"}]}]})";
    const std::string out = said(cases_report(read(cases), words(), Language::en), false).out;
    CHECK(std::ranges::count(out, '\n') == 4);
    CHECK(out.find("\np1    2026-11-20\n") != std::string::npos);
    CHECK(out.find("Waiting for the person's consent") != std::string::npos);
    CHECK(out.find("2027-02-19\n") != std::string::npos);
    CHECK(said(cases_report(read(cases), words(), Language::he), true).out ==
          R"({"holds":true,)" + cases.substr(1) + "\n");
    CHECK(said(cases_report(read(R"({"cases":[]})"), words(), Language::en), false).out ==
          "There are no cases.\n");
}

TEST_CASE("The agenda says counts in steps and which are hidden") {
    const std::string agenda =
        R"({"on":"2026-11-21","least":5,"items":[{"kind":"SYSTEMIC_BARRIER","service":"BEN-CHILD",)"
        R"("reason":"no-capacity","at_least":10,"days":90}]})";
    const std::string out = said(agenda_report(read(agenda), words(), Language::en), false).out;
    CHECK(out.find("counts below 5 are not shown") != std::string::npos);
    CHECK(out.find("at least 10") != std::string::npos);
    CHECK(out.find("in the last 90 days") != std::string::npos);
    CHECK(out.find("a barrier that comes back") != std::string::npos);
    CHECK(out.find(words().words("reason.no-capacity", Language::en)) != std::string::npos);
    CHECK(out.find("nothing to put") == std::string::npos);
}

TEST_CASE("An agenda without an item says so in every language and a program gets the empty list") {
    const std::string empty = R"({"on":"2026-11-21","least":5,"items":[]})";
    const auto out = [&](Language language) {
        return said(agenda_report(read(empty), words(), language), false).out;
    };
    CHECK(out(Language::en) ==
          "as of 2026-11-21; counts below 5 are not shown\nThere is nothing to put on the agenda.\n");
    CHECK(out(Language::he).ends_with("\nאין מה להעלות לסדר היום.\n"));
    CHECK(out(Language::ar).ends_with("\nلا يوجد ما يُدرج في جدول الأعمال.\n"));
    CHECK(out(Language::ru).ends_with("\nВ повестку дня вносить нечего.\n"));
    CHECK(said(agenda_report(read(empty), words(), Language::he), true).out ==
          R"({"holds":true,)" + empty.substr(1) + "\n");
}

TEST_CASE("A page of the access log names who and what and where the next page begins") {
    const std::string page =
        R"({"rows":[{"index":17,"at":"2026-11-21T07:15:00.123Z","event":"read","operation":"case","org":"ssd-5000",)"
        R"("actor_type":"human","actor":"w-17","role":"SOCIAL_WORKER","decision":"permit"}],"next":12})";
    const std::string out = said(access_report(read(page), words(), Language::en), false).out;
    CHECK(out.find("w-17 (Social worker)") != std::string::npos);
    CHECK(out.find("read case") != std::string::npos);
    CHECK(out.ends_with("More: the same with --before 12\n"));
}

TEST_CASE("A code that the catalogue does not know stands as it came") {
    const std::string board =
        R"({"on":"2026-11-21","lines":[{"line":1,"side":"referrer","other":"Nobody","service":"NEW-SERVICE",)"
        R"("state":"NEWSTATE","days":"0-3","waiting_for":"recipient"}]})";
    const std::string out = said(board_report(read(board), words(), Language::he), false).out;
    CHECK(out.find("Nobody") != std::string::npos);
    CHECK(out.find("NEW-SERVICE") != std::string::npos);
    CHECK(out.find("NEWSTATE") != std::string::npos);
}

TEST_CASE("The notice named is the newest one of the first purpose that is more than feedback") {
    using contract::Purpose;
    const auto notice = published_notice({Purpose::status_feedback, Purpose::treatment}, Language::he);
    REQUIRE(notice);
    CHECK(notice->id == words().newest_notice(Purpose::treatment, Language::he)->id);
    CHECK(notice->sha256 != contract::Digest{});
    CHECK_FALSE(published_notice({Purpose::rehearsal}, Language::he));
}
