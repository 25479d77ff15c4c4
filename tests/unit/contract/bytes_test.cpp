// One value has one spelling: what we accept we can write again to the same characters.
#include <catch2/catch.hpp>

#include "schemas/contract/bytes.h"

using namespace kesher::contract;

TEST_CASE("base64 follows the vectors of RFC 4648 section 10") {
    const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                      {"f", "Zg=="},
                                                                      {"fo", "Zm8="},
                                                                      {"foo", "Zm9v"},
                                                                      {"foob", "Zm9vYg=="},
                                                                      {"fooba", "Zm9vYmE="},
                                                                      {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : vectors) {
        CHECK(base64(bytes_of(plain)) == coded);
        CHECK(text_of(from_base64(coded).value()) == plain);
        const std::string unpadded = coded.substr(0, coded.find('='));
        CHECK(base64url(bytes_of(plain)) == unpadded);
        CHECK(text_of(from_base64url(unpadded).value()) == plain);
    }
}

TEST_CASE("A second spelling of the same bytes is refused") {
    for (const char* text :
         {"Zh==", "Zm9=", "Zg=", "Zg", "Zg===", "====", "=", "Zm9v\n", " Zm9v", "Zm-v", "Z=g="}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text));
    }
    for (const char* text : {"Zh", "Zm9", "Zg==", "Z", "Zm+v", "Zm/v", "Zg ", "Zg\n"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64url(text));
    }
    for (const char* text : {"0", "0G", "AA", "aA", " 00"}) {
        CAPTURE(text);
        CHECK_FALSE(from_hex(text));
    }
}

TEST_CASE("The url alphabet differs from the standard one in two characters only") {
    const Bytes bytes = {0xFB, 0xEF, 0xFF};
    CHECK(base64(bytes) == "++//");
    CHECK(base64url(bytes) == "--__");
    CHECK(from_base64url("--__") == bytes);
}

TEST_CASE("A digest is exactly 32 bytes") {
    CHECK(Digest::from(Bytes(32, 7)));
    CHECK_FALSE(Digest::from(Bytes(31, 7)));
    CHECK_FALSE(Digest::from(Bytes(33, 7)));
    const auto digest = Digest::from(Bytes(32, 7)).value();
    CHECK(digest_from_base64url(base64url(digest.view())) == digest);
    CHECK(digest_from_base64(base64(digest.view())) == digest);
}

TEST_CASE("UTF-8 is accepted in its shortest form only") {
    CHECK(is_utf8("plain"));
    CHECK(is_utf8("\xD7\xA7\xD7\xA9\xD7\xA8"));
    CHECK(is_utf8("\xF0\x9F\x98\x80"));
    CHECK(is_utf8("\xEF\xBF\xBF"));
    CHECK(is_utf8("\xF4\x8F\xBF\xBF"));
    for (const char* text :
         {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xD7", "\xE2\x82", "a\xFF"}) {
        CAPTURE(text);
        CHECK_FALSE(is_utf8(text));
    }
}

TEST_CASE("One strange character is seen wherever it stands and no other is strange") {
    const std::string_view jose = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    CHECK(is_plain_ascii(""));
    CHECK(is_jose_text(""));
    for (int code = 0; code < 256; ++code) {
        const char c = static_cast<char>(code);
        const bool plain = code >= 0x20 && code <= 0x7E && c != '"' && c != '\\';
        CAPTURE(code);
        for (const std::size_t length : {1U, 15U, 16U, 17U, 31U, 32U, 33U, 200U}) {
            for (const std::size_t at : {std::size_t{0}, length / 2, length - 1}) {
                std::string text(length, 'x');
                text[at] = c;
                CHECK(is_plain_ascii(text) == plain);
                CHECK(is_jose_text(text) == (jose.find(c) != std::string_view::npos));
            }
        }
    }
}
