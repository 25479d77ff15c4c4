#include "gateway/council/feed.h"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace kesher::council {
namespace {

using namespace contract;

constexpr std::size_t kLineOctets = 75;  // RFC 5545 section 3.1, without the CRLF

// One sentence for every meeting there is: "meeting".
constexpr std::string_view kSummary = "SUMMARY;LANGUAGE=he:פגישה";
constexpr std::string_view kName = "NAME;LANGUAGE=he:פגישות";

// Israel's Daylight Saving Time Law as in force since 2013: from the Friday before the last Sunday of March
// at 02:00 to the last Sunday of October at 02:00.
constexpr std::array<std::string_view, 17> kTimeZone{
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Jerusalem",
    "BEGIN:DAYLIGHT",
    "DTSTART:20130329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0300",
    "TZNAME:IDT",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:20131027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0300",
    "TZOFFSETTO:+0200",
    "TZNAME:IST",
    "END:STANDARD",
    "END:VTIMEZONE",
};

// A byte that goes on with a character that another byte began (RFC 3629).
bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// 20261121T091500 of a day and the time in it.
std::string stamp(std::chrono::year_month_day day, std::chrono::seconds in_day) {
    const std::chrono::hh_mm_ss time(in_day);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02d", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

std::string utc(Instant at) {
    const Day day = day_of(at);
    return stamp(day, std::chrono::floor<std::chrono::seconds>(at - day)) + "Z";
}

std::string local(std::chrono::local_time<std::chrono::minutes> at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    return stamp(std::chrono::year_month_day{day}, at - day);
}

void require(bool holds, const char* why) {
    if (!holds) throw std::invalid_argument(why);
}

// Nothing that TEXT would escape and nothing that could end a line.
bool is_plain(std::string_view text) {
    if (text.empty()) return false;
    for (const char each : text) {
        if (each <= ' ' || each > '~' || each == ',' || each == ';' || each == '\\' || each == '"')
            return false;
    }
    return true;
}

void add_meeting(std::string& out, const FeedMeeting& meeting) {
    require(is_plain(meeting.uid), "a uid that iCalendar would have to escape");
    require(is_plain(meeting.url) && meeting.url.starts_with("https://"), "a page that is not https");
    require(meeting.duration.count() > 0, "a meeting without duration");
    const std::string zone = ";TZID=Asia/Jerusalem:";
    out += "BEGIN:VEVENT\r\n";
    out += folded("UID:" + meeting.uid);
    out += folded("DTSTAMP:" + utc(meeting.changed_at));
    out += folded("SEQUENCE:" + std::to_string(meeting.sequence));
    out += folded("DTSTART" + zone + local(meeting.start));
    out += folded("DTEND" + zone + local(meeting.start + meeting.duration));
    out += folded(meeting.cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    out += folded(kSummary);
    out += folded("CLASS:CONFIDENTIAL");
    out += folded("URL:" + meeting.url);
    out += "END:VEVENT\r\n";
}

}  // namespace

std::string folded(std::string_view line) {
    std::string out;
    std::size_t room = kLineOctets;
    while (line.size() > room) {
        std::size_t end = room;
        while (end > 0 && goes_on(line[end])) --end;
        out.append(line.substr(0, end)).append("\r\n ");
        line.remove_prefix(end);
        room = kLineOctets - 1;  // the space that begins a continued line counts
    }
    return out.append(line).append("\r\n");
}

std::string feed(std::span<const FeedMeeting> meetings) {
    std::string out;
    for (const std::string_view line : {std::string_view("BEGIN:VCALENDAR"), std::string_view("VERSION:2.0"),
                                        std::string_view("PRODID:-//Kesher//Meetings//HE"), kName,
                                        std::string_view("REFRESH-INTERVAL;VALUE=DURATION:PT6H")}) {
        out += folded(line);
    }
    for (const std::string_view line : kTimeZone) {
        out += folded(line);
    }
    for (const FeedMeeting& meeting : meetings) add_meeting(out, meeting);
    return out + "END:VCALENDAR\r\n";
}

}  // namespace kesher::council
