// The characters of HTTP (RFC 9110 section 5.6.2), compared without the machine's locale.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/edge/request.h"

namespace kesher::edge {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool is_token_character(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

[[nodiscard]] constexpr bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

// C0, DEL; tabs are said apart, since a header value may hold them.
[[nodiscard]] constexpr bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

[[nodiscard]] constexpr bool equal_case_blind(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// The only value of that name; none where it is absent or repeated.
[[nodiscard]] inline std::optional<std::string_view> only_header(const std::vector<Header>& headers,
                                                                 std::string_view name) {
    std::optional<std::string_view> found;
    for (const Header& header : headers) {
        if (!equal_case_blind(header.name, name)) continue;
        if (found) return std::nullopt;
        found = header.value;
    }
    return found;
}

}  // namespace kesher::edge
