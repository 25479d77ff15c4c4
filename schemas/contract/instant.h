// Time as the exchange knows it: an instant is UTC milliseconds, a day is UTC and has no hours.
//
// What goes to a recipient about the sender's act is a Day; only the log and the hub's own clocks
// hold an Instant. Two types, so that an exact time cannot slip into a delivery (contract.md 0).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kesher::contract {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Day = std::chrono::sys_days;

[[nodiscard]] constexpr Day day_of(Instant instant) { return std::chrono::floor<std::chrono::days>(instant); }
[[nodiscard]] constexpr Instant start_of(Day day) { return Instant{day}; }

[[nodiscard]] std::string text(Day day);                            // 2026-11-21
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);  // a real date, years 1900 to 2199
[[nodiscard]] std::string text(Instant instant);                    // 2026-11-21T07:15:00.123Z

}  // namespace kesher::contract
