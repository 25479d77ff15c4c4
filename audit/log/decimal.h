// Sizes and indices as C2SP writes them: decimal, no sign, no leading zero, below 2^63.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kesher::log {

[[nodiscard]] inline std::optional<std::uint64_t> parse_decimal(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    const bool leading_zero = text.size() > 1 && text.front() == '0';
    if (error != std::errc{} || stop != end || leading_zero || value >> 63U != 0) return std::nullopt;
    return value;
}

}  // namespace kesher::log
