#include "schemas/contract/instant.h"

namespace kesher::contract {
namespace {

std::optional<int> parse_digits(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::string padded(long value, std::size_t width) {
    std::string digits = std::to_string(value);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return digits;
}

}  // namespace

std::string text(Day day) {
    const std::chrono::year_month_day date{day};
    return padded(static_cast<int>(date.year()), 4) + '-' +
           padded(static_cast<long>(static_cast<unsigned>(date.month())), 2) + '-' +
           padded(static_cast<long>(static_cast<unsigned>(date.day())), 2);
}

std::optional<Day> parse_day(std::string_view text) {
    constexpr int kFirstYear = 1900;
    constexpr int kLastYear = 2199;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = parse_digits(text.substr(0, 4));
    const auto month = parse_digits(text.substr(5, 2));
    const auto day = parse_digits(text.substr(8, 2));
    if (!year || !month || !day || *year < kFirstYear || *year > kLastYear) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

std::string text(Instant instant) {
    const Day day = day_of(instant);
    const auto in_day = (instant - day).count();
    return text(day) + 'T' + padded(in_day / 3'600'000, 2) + ':' + padded(in_day / 60'000 % 60, 2) + ':' +
           padded(in_day / 1000 % 60, 2) + '.' + padded(in_day % 1000, 3) + 'Z';
}

}  // namespace kesher::contract
