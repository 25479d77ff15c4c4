// UTF-8 as a row of characters, for those who look at letters: the search for stems, native files.
#pragma once

#include <string>
#include <string_view>

namespace kesher::contract {

// What is not UTF-8 (RFC 3629) becomes U+FFFD, one for each byte that begins no character.
[[nodiscard]] std::u32string code_points(std::string_view utf8);
// Surrogates and values over U+10FFFF become U+FFFD.
[[nodiscard]] std::string utf8_of(std::u32string_view characters);

}  // namespace kesher::contract
