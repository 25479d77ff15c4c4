// What may stand where a message carries what is sealed: a compact JWE, of which the hub reads nothing but
// its form (RFC 7516 section 3.1).
#include <catch2/catch.hpp>

#include "schemas/codec/rules.h"
#include "schemas/contract/limits.h"

using namespace kesher;
using codec::is_compact_jwe;

namespace {

bool is_taken(std::string_view text) { return is_compact_jwe(contract::bytes_of(text)); }

}  // namespace

TEST_CASE("A compact JWE has five parts of which the second is empty") {
    CHECK(is_taken("aA0-_..b.c.d"));
    CHECK(is_taken("a..b.c."));
    for (const char* text :
         {"", ".", "....", "..b.c.d", "a", "a.", "a..", "a..b.c", "a..b.c.d.e", "a.k.b.c.d", "a.b"}) {
        CAPTURE(text);
        CHECK_FALSE(is_taken(text));
    }
}

TEST_CASE("A compact JWE has no character beyond base64url and dots, wherever it stands") {
    const std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int code = 0; code < 256; ++code) {
        const char c = static_cast<char>(code);
        if (c == '.') continue;
        CAPTURE(code);
        for (const std::size_t length : {1U, 15U, 16U, 31U, 32U, 33U, 200U}) {
            for (const std::size_t at : {std::size_t{0}, length / 2, length - 1}) {
                std::string part(length, 'x');
                part[at] = c;
                const bool is_allowed = allowed.find(c) != std::string_view::npos;
                CHECK(is_taken(part + "..b.c.d") == is_allowed);
                CHECK(is_taken("e.." + part + ".c.d") == is_allowed);
                CHECK(is_taken("e..b." + part + ".d") == is_allowed);
                CHECK(is_taken("e..b.c." + part) == is_allowed);
            }
        }
    }
}

TEST_CASE("A compact JWE may fill a payload and no more") {
    const std::string head = "e..", tail = ".c.d";
    const std::size_t room = contract::limits::kPayloadBytes - head.size() - tail.size();
    CHECK(is_taken(head + std::string(room, 'x') + tail));
    CHECK_FALSE(is_taken(head + std::string(room + 1, 'x') + tail));
}
