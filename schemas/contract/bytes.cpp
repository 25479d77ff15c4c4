#include "schemas/contract/bytes.h"

#include <algorithm>
#include <cstring>

namespace kesher::contract {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

constexpr std::array<std::int8_t, 256> values_of(std::string_view alphabet) {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int8_t>(i);
    }
    return values;
}

std::string encode(ByteView bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8) | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            text.push_back(alphabet[(bits >> held) & 63U]);
        }
    }
    if (held > 0) text.push_back(alphabet[(bits << (6 - held)) & 63U]);
    return text;
}

// Without padding. A last group of one character, or spare bits that are not zero, would give one
// value two spellings and are refused.
std::optional<Bytes> decode(std::string_view text, const std::array<std::int8_t, 256>& values) {
    if (text.size() % 4 == 1) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::int8_t value = values[static_cast<std::uint8_t>(c)];
        if (value < 0) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<std::uint8_t>(bits >> held));
        }
    }
    if ((bits & ((1U << held) - 1U)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace

ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<Digest> Digest::from(ByteView bytes) {
    Digest digest;
    if (bytes.size() != digest.bytes.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
    return digest;
}

std::string hex(ByteView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(kHex[byte >> 4]);
        text.push_back(kHex[byte & 15U]);
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
    static constexpr auto values = values_of(kHex);
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = values[static_cast<std::uint8_t>(text[i])];
        const int low = values[static_cast<std::uint8_t>(text[i + 1])];
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string base64(ByteView bytes) {
    std::string text = encode(bytes, kBase64);
    while (text.size() % 4 != 0) text.push_back('=');
    return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
    static constexpr auto values = values_of(kBase64);
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    return decode(text.substr(0, text.size() - padding), values);
}

std::string base64url(ByteView bytes) { return encode(bytes, kBase64Url); }

std::optional<Bytes> from_base64url(std::string_view text) {
    static constexpr auto values = values_of(kBase64Url);
    return decode(text, values);
}

std::optional<Digest> digest_from_base64url(std::string_view text) {
    const auto bytes = from_base64url(text);
    return bytes ? Digest::from(*bytes) : std::nullopt;
}

std::optional<Digest> digest_from_base64(std::string_view text) {
    const auto bytes = from_base64(text);
    return bytes ? Digest::from(*bytes) : std::nullopt;
}

bool is_utf8(std::string_view text) {
    std::size_t i = 0;
    const auto at = [&](std::size_t n) { return static_cast<std::uint8_t>(text[n]); };
    constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
    while (i < text.size()) {
        const std::uint8_t first = at(i);
        if (first < 0x80) {
            // Eight characters of ASCII at once: most of what is asked about holds nothing else.
            std::uint64_t eight = 0;
            while (text.size() - i >= sizeof eight) {
                std::memcpy(&eight, text.data() + i, sizeof eight);
                if ((eight & kHighBits) != 0) break;
                i += sizeof eight;
            }
            if (i < text.size() && at(i) < 0x80) ++i;
            continue;
        }
        std::size_t more = 0;
        std::uint8_t least = 0x80;
        std::uint8_t most = 0xBF;
        if (first >= 0xC2 && first <= 0xDF)
            more = 1;
        else if (first >= 0xE0 && first <= 0xEF)
            more = 2;
        else if (first >= 0xF0 && first <= 0xF4)
            more = 3;
        else
            return false;
        if (first == 0xE0) least = 0xA0;  // shorter forms exist
        if (first == 0xED) most = 0x9F;   // surrogates
        if (first == 0xF0) least = 0x90;  // shorter forms exist
        if (first == 0xF4) most = 0x8F;   // over U+10FFFF
        if (text.size() - i <= more) return false;
        if (at(i + 1) < least || at(i + 1) > most) return false;
        for (std::size_t n = 2; n <= more; ++n) {
            if (at(i + n) < 0x80 || at(i + n) > 0xBF) return false;
        }
        i += more + 1;
    }
    return true;
}

// With | and & instead of || and &&: without a branch the compiler takes a register full of characters each.
bool is_plain_ascii(std::string_view text) {
    std::uint8_t strange = 0;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        strange |= static_cast<std::uint8_t>(byte < 0x20) | static_cast<std::uint8_t>(byte > 0x7E) |
                   static_cast<std::uint8_t>(c == '"') | static_cast<std::uint8_t>(c == '\\');
    }
    return strange == 0;
}

bool is_jose_text(std::string_view text) {
    std::uint8_t strange = 0;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        const auto letter = static_cast<std::uint8_t>((byte | 0x20U) - 'a');
        const auto digit = static_cast<std::uint8_t>(byte - '0');
        strange |= static_cast<std::uint8_t>(letter >= 26) & static_cast<std::uint8_t>(digit >= 10) &
                   static_cast<std::uint8_t>(c != '-') & static_cast<std::uint8_t>(c != '_') &
                   static_cast<std::uint8_t>(c != '.');
    }
    return strange == 0;
}

}  // namespace kesher::contract
