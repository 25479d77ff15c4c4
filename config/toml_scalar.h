// The single values of a settings file: durations with a unit, ranges, host names, addresses.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace kesher::config {

// "24h", "500ms", "90d": one whole number and one unit of ms, s, m, h, d; at most 10,000 days.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// The two ends of "1..65535", both included.
[[nodiscard]] std::pair<std::string_view, std::string_view> ends_of(std::string_view range);
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view digits);

// RFC 1123: labels of [a-z0-9-] that neither start nor end with a hyphen, at most 253 characters in
// all. Lower case, because the hub's name is compared as bytes.
[[nodiscard]] bool is_host_name(std::string_view text);
[[nodiscard]] bool is_ip_address(std::string_view text);  // IPv4 or IPv6, no brackets, no zone
// Free of control characters, at most 1,000 bytes.
[[nodiscard]] bool is_plain_text(std::string_view text);
// Whether `word` is one of "error|warn|info".
[[nodiscard]] bool is_choice(std::string_view word, std::string_view choices);
// Whether a key's name says that a secret would follow, and not the file that holds one.
[[nodiscard]] bool names_a_secret(std::string_view key);

}  // namespace kesher::config
