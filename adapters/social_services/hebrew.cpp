// The only file that knows iconv. One byte is asked at a time, each from a fresh start, because the
// C library's Windows-1255 joins letters with their points when it sees them together.
#include "adapters/social_services/hebrew.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <stdexcept>

#include "schemas/contract/code_points.h"

namespace kesher::social_services {
namespace {

using contract::ByteView;

constexpr std::size_t kBytes = 256;
constexpr std::array<const char*, 3> kIconvNames{"ISO-8859-8", "CP862", "WINDOWS-1255"};

struct Letters {
    std::array<std::string, kBytes> of_byte;  // empty: no character
    std::map<char32_t, std::uint8_t> of_character;
};

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }
// Direction marks: nobody sees them, and in a file of fixed width they would be a blank too many.
bool is_mark(char32_t c) {
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0xFEFF;
}

Letters ask(const char* name) {
    const iconv_t converter = iconv_open("UTF-8", name);
    if (converter == reinterpret_cast<iconv_t>(-1))
        throw std::runtime_error("iconv lacks a Hebrew code page");
    Letters letters;
    for (std::size_t byte = 0; byte < kBytes; ++byte) {
        char in = static_cast<char>(static_cast<std::uint8_t>(byte));
        std::array<char, 8> out{};
        char* from = &in;
        char* to = out.data();
        std::size_t left_in = 1;
        std::size_t left_out = out.size();
        const bool read = iconv(converter, &from, &left_in, &to, &left_out) != static_cast<std::size_t>(-1);
        iconv(converter, nullptr, nullptr, &to, &left_out);  // gives out what it held back
        if (!read) continue;
        const std::string text(out.data(), to);
        const std::u32string characters = contract::code_points(text);
        if (characters.size() != 1 || is_control(characters[0]) || is_mark(characters[0])) continue;
        letters.of_byte.at(byte) = text;
        letters.of_character.emplace(characters[0], static_cast<std::uint8_t>(byte));
    }
    iconv_close(converter);
    return letters;
}

const Letters& letters_of(Encoding encoding) {
    static const std::array<Letters, 3> all{ask(kIconvNames[0]), ask(kIconvNames[1]), ask(kIconvNames[2])};
    return all.at(static_cast<std::size_t>(encoding));
}

// Vowel points and cantillation, without the marks among them that are read as punctuation.
bool is_point(char32_t c) {
    return c >= 0x0591 && c <= 0x05C7 && c != 0x05BE && c != 0x05C0 && c != 0x05C3 && c != 0x05C6;
}

// The plain way to write a typographic character.
std::string_view plain(char32_t c) {
    switch (c) {
        case 0x05F4:
        case 0x201C:
        case 0x201D:
        case 0x201E:
            return "\"";
        case 0x05F3:
        case 0x2018:
        case 0x2019:
        case 0x201A:
            return "'";
        case 0x05BE:
        case 0x2010:
        case 0x2011:
        case 0x2012:
        case 0x2013:
        case 0x2014:
        case 0x2212:
            return "-";
        case 0x2026:
            return "...";
        case 0x00A0:
        case 0x2007:
        case 0x2009:
        case 0x202F:
        case U'\t':
        case U'\n':
        case U'\r':
            return " ";
        default:
            return "?";
    }
}

std::size_t count_in(ByteView bytes, std::uint8_t low, std::uint8_t high) {
    return static_cast<std::size_t>(std::count_if(
        bytes.begin(), bytes.end(), [&](std::uint8_t byte) { return byte >= low && byte <= high; }));
}

}  // namespace

std::optional<std::string_view> character_of(std::uint8_t byte, Encoding encoding) {
    const std::string& text = letters_of(encoding).of_byte.at(byte);
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

std::optional<std::string> from_hebrew(ByteView bytes, Encoding encoding) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        const auto character = character_of(byte, encoding);
        if (!character) return std::nullopt;
        text += *character;
    }
    return text;
}

HebrewBytes to_hebrew(std::string_view utf8, Encoding encoding) {
    const auto& known = letters_of(encoding).of_character;
    HebrewBytes written;
    for (const char32_t c : contract::code_points(utf8)) {
        if (is_mark(c) || c == 0xFE0F) continue;  // says nothing, so nothing is lost
        if (is_point(c)) {
            ++written.replaced;
            continue;
        }
        if (const auto found = known.find(c); found != known.end()) {
            written.bytes.push_back(found->second);
            continue;
        }
        ++written.replaced;
        for (const char letter : plain(c)) written.bytes.push_back(static_cast<std::uint8_t>(letter));
    }
    return written;
}

std::optional<Encoding> likely_encoding(ByteView bytes) {
    const std::size_t dos = count_in(bytes, 0x80, 0x9A);      // alef to tav of CP-862
    const std::size_t windows = count_in(bytes, 0xE0, 0xFA);  // of the other two
    const std::size_t points = count_in(bytes, 0xC0, 0xD3);   // Windows-1255 alone
    if (dos > windows) return Encoding::cp_862;
    if (windows > dos) return points > 0 ? Encoding::windows_1255 : Encoding::iso_8859_8;
    return std::nullopt;
}

}  // namespace kesher::social_services
