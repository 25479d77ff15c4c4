// Text is read letter by letter and written back to the same bytes; what is no text is marked.
#include <catch2/catch.hpp>

#include "schemas/contract/bytes.h"
#include "schemas/contract/code_points.h"

using namespace kesher::contract;

TEST_CASE("Letters of one to four bytes read and write back to the same bytes") {
    CHECK(code_points("aא\u20AC\U0001F600") == U"aא\u20AC\U0001F600");
    for (const char32_t c :
         {0x00U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xD7FFU, 0xE000U, 0xFFFFU, 0x10000U, 0x10FFFFU}) {
        const std::u32string one(1, c);
        CHECK(is_utf8(utf8_of(one)));
        CHECK(code_points(utf8_of(one)) == one);
    }
}

TEST_CASE("Bytes that begin no letter are marked one by one and the rest is read") {
    CHECK(code_points("a\xFF"
                      "b") == U"a\uFFFDb");
    CHECK(code_points("\xD7") == U"\uFFFD");
    CHECK(code_points("\xC0\x80") == U"\uFFFD\uFFFD");
    CHECK(code_points("\xED\xA0\x80") == U"\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("A number that is no letter is written as the mark") {
    CHECK(utf8_of(std::u32string(1, 0xD800)) == "\uFFFD");
    CHECK(utf8_of(std::u32string(1, 0x110000)) == "\uFFFD");
}
