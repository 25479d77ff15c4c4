// A calendar shows that there is a meeting, and a phone on a table shows nothing more.
#include <catch2/catch.hpp>

#include "gateway/council/feed.h"

using namespace kesher;
using namespace kesher::council;
using namespace std::chrono_literals;
using std::chrono::local_days;

namespace {

FeedMeeting meeting() {
    return {.uid = "3f0c9d6e-1f7a-4b6e-9b2d-0a1b2c3d4e5f",
            .sequence = 2,
            .changed_at = contract::start_of(contract::parse_day("2026-11-21").value()) + 7h + 15min + 123ms,
            .start = local_days{std::chrono::year{2026} / 12 / 1} + 9h + 30min,
            .duration = 90min,
            .cancelled = false,
            .url = "https://hub.example:8444/meetings/3f0c9d6e-1f7a-4b6e-9b2d-0a1b2c3d4e5f"};
}

std::string feed_of(const FeedMeeting& one) { return feed(std::span(&one, 1)); }

std::string unfolded(std::string text) {
    for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ", at))
        text.erase(at, 3);
    return text;
}

bool has_line(const std::string& text, const std::string& line) {
    return unfolded(text).find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("A meeting is an event with its local time and a fixed neutral summary") {
    const std::string text = feed_of(meeting());
    CHECK(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
    CHECK(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    CHECK(has_line(text, "UID:3f0c9d6e-1f7a-4b6e-9b2d-0a1b2c3d4e5f"));
    CHECK(has_line(text, "DTSTAMP:20261121T071500Z"));
    CHECK(has_line(text, "SEQUENCE:2"));
    CHECK(has_line(text, "DTSTART;TZID=Asia/Jerusalem:20261201T093000"));
    CHECK(has_line(text, "DTEND;TZID=Asia/Jerusalem:20261201T110000"));
    CHECK(has_line(text, "STATUS:CONFIRMED"));
    CHECK(has_line(text, "SUMMARY;LANGUAGE=he:פגישה"));
    CHECK(has_line(text, "CLASS:CONFIDENTIAL"));
    CHECK(has_line(text, "URL:https://hub.example:8444/meetings/3f0c9d6e-1f7a-4b6e-9b2d-0a1b2c3d4e5f"));
    CHECK(has_line(text, "BEGIN:VTIMEZONE"));
}

TEST_CASE("An event holds no word that could say what the meeting is about") {
    const std::string text = unfolded(feed_of(meeting()));
    for (const char* name :
         {"ATTENDEE", "ORGANIZER", "DESCRIPTION", "LOCATION", "CONFERENCE", "CATEGORIES", "COMMENT", "X-"}) {
        CHECK(text.find(name) == std::string::npos);
    }
}

TEST_CASE("A meeting that ends after midnight ends on the next day") {
    FeedMeeting late = meeting();
    late.start = local_days{std::chrono::year{2026} / 12 / 31} + 23h;
    CHECK(has_line(feed_of(late), "DTEND;TZID=Asia/Jerusalem:20270101T003000"));
}

TEST_CASE("A cancelled meeting says so under the same number") {
    FeedMeeting off = meeting();
    off.cancelled = true;
    CHECK(has_line(feed_of(off), "STATUS:CANCELLED"));
    CHECK(has_line(feed_of(off), "UID:" + meeting().uid));
}

TEST_CASE("A feed without meetings is a calendar all the same") {
    const std::string text = feed({});
    CHECK(text.starts_with("BEGIN:VCALENDAR\r\n"));
    CHECK(text.ends_with("END:VTIMEZONE\r\nEND:VCALENDAR\r\n"));
}

TEST_CASE("No line of a feed is longer than 75 octets") {
    FeedMeeting far = meeting();
    far.url += std::string(300, 'x');
    const std::string text = feed_of(far);
    std::size_t from = 0;
    for (auto end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n", from)) {
        CHECK(end - from <= 75);
        from = end + 2;
    }
    CHECK(from == text.size());
    CHECK(has_line(text, "URL:" + far.url));
}

TEST_CASE("A line of 75 octets stays whole and one of 76 is folded") {
    CHECK(folded(std::string(75, 'a')) == std::string(75, 'a') + "\r\n");
    CHECK(folded(std::string(76, 'a')) == std::string(75, 'a') + "\r\n a\r\n");
    CHECK(folded(std::string(150, 'a')) ==
          std::string(75, 'a') + "\r\n " + std::string(74, 'a') + "\r\n a\r\n");
    CHECK(folded("") == "\r\n");
}

TEST_CASE("Folding never splits a character") {
    const std::string letter = "פ";  // two octets
    CHECK(folded(std::string(74, 'a') + letter) == std::string(74, 'a') + "\r\n " + letter + "\r\n");
    CHECK(folded(std::string(73, 'a') + letter) == std::string(73, 'a') + letter + "\r\n");
    const std::string picture = "\xF0\x9F\x93\x85";  // four octets
    CHECK(folded(std::string(72, 'a') + picture) == std::string(72, 'a') + "\r\n " + picture + "\r\n");
    CHECK(folded(std::string(71, 'a') + picture) == std::string(71, 'a') + picture + "\r\n");
}

TEST_CASE("What a calendar would have to escape is refused") {
    FeedMeeting bad = meeting();
    SECTION("a line break in the uid") { bad.uid += "\r\nATTENDEE:x"; }
    SECTION("an empty uid") { bad.uid.clear(); }
    SECTION("a page that is not behind TLS") { bad.url = "http://hub.example/"; }
    SECTION("a space in the page's address") { bad.url += " x"; }
    SECTION("no duration") { bad.duration = 0min; }
    CHECK_THROWS_AS(feed_of(bad), std::invalid_argument);
}
