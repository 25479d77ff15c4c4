#include "config/toml_scalar.h"

#include <arpa/inet.h>

#include <array>
#include <cassert>
#include <charconv>
#include <string>

namespace kesher::config {
namespace {

constexpr std::size_t kTextBytes = 1'000;
constexpr std::size_t kHostCharacters = 253;
constexpr std::size_t kLabelCharacters = 63;
constexpr std::uint64_t kDurationDaysMax = 10'000;
constexpr std::uint64_t kMillisecondsPerDay = 86'400'000;

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > kLabelCharacters) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    for (const char c : label) {
        const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        if (!allowed) return false;
    }
    return true;
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view digits) {
    std::uint64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (digits.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> kUnits{
        {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", kMillisecondsPerDay}}};
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const auto number = parse_count(text.substr(0, digits));
    if (!number) return std::nullopt;
    for (const auto& [unit, milliseconds] : kUnits) {
        if (text.substr(digits) != unit) continue;
        if (*number > kDurationDaysMax * kMillisecondsPerDay / milliseconds) return std::nullopt;
        return std::chrono::milliseconds{*number * milliseconds};
    }
    return std::nullopt;
}

std::pair<std::string_view, std::string_view> ends_of(std::string_view range) {
    const std::size_t dots = range.find("..");
    assert(dots != std::string_view::npos);  // a table's range is ours to write
    return {range.substr(0, dots), range.substr(dots + 2)};
}

bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > kHostCharacters) return false;
    for (;;) {
        const std::size_t dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_ip_address(std::string_view text) {
    const std::string copy(text);
    if (copy.size() != std::string_view(copy.c_str()).size()) return false;  // a NUL would cut it short
    in6_addr place{};
    return inet_pton(AF_INET, copy.c_str(), &place) == 1 || inet_pton(AF_INET6, copy.c_str(), &place) == 1;
}

bool is_plain_text(std::string_view text) {
    if (text.size() > kTextBytes) return false;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
    }
    return true;
}

bool is_choice(std::string_view word, std::string_view choices) {
    for (;;) {
        const std::size_t bar = choices.find('|');
        if (choices.substr(0, bar) == word) return true;
        if (bar == std::string_view::npos) return false;
        choices.remove_prefix(bar + 1);
    }
}

bool names_a_secret(std::string_view key) {
    if (key.ends_with("_file")) return false;
    for (const std::string_view word :
         {"password", "passphrase", "passwd", "secret", "token", "private_key"}) {
        if (key.find(word) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace kesher::config
