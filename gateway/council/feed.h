// A council's meetings as an iCalendar feed (RFC 5545, RFC 7986): when, and a page that needs sign-in.
//
// Phones show feeds on lock screens, so an event says only that there is a meeting: one fixed neutral
// SUMMARY, no attendee, description, place, title or item (domain.md 9.3). Whoever may not know of a
// meeting must not be in the list: CLASS restricts nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "schemas/contract/instant.h"

namespace kesher::council {

struct FeedMeeting {
    std::string uid;                                      // stable, says nothing: a UUID
    std::uint32_t sequence = 0;                           // grows with every change
    contract::Instant changed_at;                         // DTSTAMP, in whole seconds
    std::chrono::local_time<std::chrono::minutes> start;  // Asia/Jerusalem
    std::chrono::minutes duration{};                      // more than 0
    bool cancelled = false;
    std::string url;  // https, of a page behind the sign-in
};

// The whole feed, CRLF, folded at 75 octets without splitting a character. std::invalid_argument for a
// uid or url with a character that iCalendar would have to escape, or a duration that is not positive.
[[nodiscard]] std::string feed(std::span<const FeedMeeting> meetings);

// One content line with its CRLF, folded (RFC 5545 section 3.1).
[[nodiscard]] std::string folded(std::string_view line);

}  // namespace kesher::council
