#include "schemas/contract/code_points.h"

#include <cstddef>

#include "schemas/contract/bytes.h"

namespace kesher::contract {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

std::size_t length_by(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xE0) return 2;
    return first < 0xF0 ? 3 : 4;
}

char tail(char32_t bits) { return static_cast<char>(static_cast<unsigned char>(0x80U | (bits & 0x3FU))); }
char head(char32_t mark, char32_t bits) { return static_cast<char>(static_cast<unsigned char>(mark | bits)); }

}  // namespace

std::u32string code_points(std::string_view utf8) {
    std::u32string characters;
    characters.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const auto first = static_cast<unsigned char>(utf8[at]);
        const std::size_t length = length_by(first);
        const std::string_view one = utf8.substr(at, length);
        if (one.size() != length || !is_utf8(one)) {
            characters.push_back(kReplacement);
            ++at;
            continue;
        }
        char32_t c = length == 1 ? first : first & (0x7FU >> length);
        for (const char byte : one.substr(1)) c = (c << 6) | (static_cast<unsigned char>(byte) & 0x3FU);
        characters.push_back(c);
        at += length;
    }
    return characters;
}

std::string utf8_of(std::u32string_view characters) {
    std::string text;
    text.reserve(characters.size() * 2);
    for (char32_t c : characters) {
        if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = kReplacement;
        if (c < 0x80) {
            text += static_cast<char>(c);
        } else if (c < 0x800) {
            text += {head(0xC0, c >> 6), tail(c)};
        } else if (c < 0x10000) {
            text += {head(0xE0, c >> 12), tail(c >> 6), tail(c)};
        } else {
            text += {head(0xF0, c >> 18), tail(c >> 12), tail(c >> 6), tail(c)};
        }
    }
    return text;
}

}  // namespace kesher::contract
