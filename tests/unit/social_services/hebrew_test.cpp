// Hebrew goes to the three encodings and back; what cannot be written is replaced and counted.
#include "adapters/social_services/hebrew.h"

#include <catch2/catch.hpp>

using namespace kesher::contract;
using namespace kesher::social_services;

namespace {
std::string written(std::string_view text, Encoding encoding = Encoding::iso_8859_8) {
    return std::string(text_of(to_hebrew(text, encoding).bytes));
}
std::size_t replaced(std::string_view text, Encoding encoding = Encoding::iso_8859_8) {
    return to_hebrew(text, encoding).replaced;
}
}  // namespace

TEST_CASE("Alef and tav have their bytes in each encoding") {
    CHECK(written("את", Encoding::iso_8859_8) == "\xE0\xFA");
    CHECK(written("את", Encoding::cp_862) == "\x80\x9A");
    CHECK(written("את", Encoding::windows_1255) == "\xE0\xFA");
    CHECK(from_hebrew(bytes_of("\x80\x9A"), Encoding::cp_862) == "את");
}

TEST_CASE("Every byte that is a character is written back to itself unless it is a point") {
    for (const Encoding encoding : {Encoding::iso_8859_8, Encoding::cp_862, Encoding::windows_1255}) {
        for (unsigned byte = 0; byte < 256; ++byte) {
            CAPTURE(byte);
            const auto character = character_of(static_cast<std::uint8_t>(byte), encoding);
            if (!character) continue;
            const auto back = to_hebrew(*character, encoding);
            if (back.bytes.empty()) {
                CHECK(back.replaced == 1);
            } else {
                CHECK(back.bytes == Bytes{static_cast<std::uint8_t>(byte)});
            }
        }
    }
}

TEST_CASE("Controls and direction marks are no characters of a file") {
    for (const unsigned byte : {0x00U, 0x09U, 0x1AU, 0x7FU, 0xFDU, 0xFEU}) {
        CHECK_FALSE(character_of(static_cast<std::uint8_t>(byte), Encoding::iso_8859_8));
    }
    CHECK_FALSE(from_hebrew(bytes_of("a\xFE"), Encoding::iso_8859_8));
    CHECK(written("a\u200Fb\u202Ac") == "abc");
    CHECK(replaced("a\u200Fb\u202Ac") == 0);
}

TEST_CASE("Points are left out and counted and marks of type become plain ones") {
    CHECK(written("שָׁלוֹם") == written("שלום"));
    CHECK(replaced("שָׁלוֹם") == 3);
    CHECK(written("צה״ל ג׳ דו־קיום – א") == written("צה\"ל ג' דו-קיום - א"));
    CHECK(replaced("צה״ל ג׳ דו־קיום – א") == 4);
    CHECK(written("a…b") == "a...b");
}

TEST_CASE("What has no letter there becomes a question mark and is counted once") {
    CHECK(written("\U0001F600") == "?");
    CHECK(written("Ж") == "?");
    CHECK(written("\u2764\uFE0F") == "?");
    CHECK(replaced("\U0001F600Ж\u2764\uFE0F") == 3);
    CHECK(written("\xFF") == "?");
}

TEST_CASE("The likely encoding of a file is told by where its letters stand") {
    CHECK(likely_encoding(bytes_of("\xE0\xE1")) == Encoding::iso_8859_8);
    CHECK(likely_encoding(bytes_of("\xE0\xC8\xE1")) == Encoding::windows_1255);
    CHECK(likely_encoding(bytes_of("\x80\x81")) == Encoding::cp_862);
    CHECK_FALSE(likely_encoding(bytes_of("abc")));
}
