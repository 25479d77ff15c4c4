// Bytes, digests, and the text forms in which they travel.
//
// Every decoder here is strict: one value has one spelling, so that what we accept we can write
// again to the same characters (RFC 4648 sections 3.5 and 5; no padding in base64url).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kesher::contract {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] ByteView bytes_of(std::string_view text);
[[nodiscard]] std::string_view text_of(ByteView bytes);

// SHA-256, 32 bytes. Made by the rooms that may hash (audit/merkle, schemas/statement).
struct Digest {
    std::array<std::uint8_t, 32> bytes{};
    [[nodiscard]] static std::optional<Digest> from(ByteView bytes);
    [[nodiscard]] ByteView view() const { return bytes; }
    friend auto operator<=>(const Digest&, const Digest&) = default;
};

[[nodiscard]] std::string hex(ByteView bytes);                       // lower case
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);  // lower case only, even length

[[nodiscard]] std::string base64(ByteView bytes);  // RFC 4648 section 4, padded
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);

[[nodiscard]] std::string base64url(ByteView bytes);  // RFC 4648 section 5, no padding
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);

[[nodiscard]] std::optional<Digest> digest_from_base64url(std::string_view text);
[[nodiscard]] std::optional<Digest> digest_from_base64(std::string_view text);

// True where the text is UTF-8 without overlong forms, surrogates or values over U+10FFFF
// (RFC 3629). NUL is allowed here; who must refuse it says so.
[[nodiscard]] bool is_utf8(std::string_view text);

// Printable ASCII without `"` and `\`, which stands in JSON as it is; and the alphabet of base64url with
// dots, which compact JOSE texts are made of. Both look at many characters at once: they are asked of every
// long text of every message.
[[nodiscard]] bool is_plain_ascii(std::string_view text);
[[nodiscard]] bool is_jose_text(std::string_view text);

}  // namespace kesher::contract
