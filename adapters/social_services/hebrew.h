// The three ways in which departments' systems write Hebrew, to and from UTF-8.
//
// One byte is one character in all three, and text stands in logical order. Vowel points and what has
// no letter there (emoji, Cyrillic, Arabic) cannot be written: points are left out, typographic marks
// become plain ones, the rest becomes `?`; each is counted, so that the loss can be told.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/contract/bytes.h"
#include "schemas/contract/closed_list.h"

namespace kesher::social_services {

enum class Encoding { iso_8859_8, cp_862, windows_1255 };  // iso_8859_8 = logical ("-i")
inline constexpr contract::ClosedList<Encoding, 3> kEncodings{{"iso-8859-8", "cp-862", "windows-1255"}};

// The character of one byte as UTF-8; nothing for a byte that is none there, and for controls.
[[nodiscard]] std::optional<std::string_view> character_of(std::uint8_t byte, Encoding encoding);

// UTF-8 of all bytes, or nothing where one is no character.
[[nodiscard]] std::optional<std::string> from_hebrew(contract::ByteView bytes, Encoding encoding);

struct HebrewBytes {
    contract::Bytes bytes;
    std::size_t replaced = 0;  // characters that could not be written as they were
};
[[nodiscard]] HebrewBytes to_hebrew(std::string_view utf8, Encoding encoding);

// The encoding in which a file's high bytes are Hebrew letters, if only one makes sense; for the
// words of a fault, never to guess a file's meaning.
[[nodiscard]] std::optional<Encoding> likely_encoding(contract::ByteView bytes);

}  // namespace kesher::social_services
