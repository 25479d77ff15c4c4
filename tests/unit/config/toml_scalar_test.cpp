// Single values of a settings file: each has one meaning, and both sides of every edge are told apart.
#include <catch2/catch.hpp>

#include "config/toml_scalar.h"

using namespace kesher::config;
using namespace std::chrono_literals;

TEST_CASE("A duration is a whole number with one of five units") {
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("30s") == 30s);
    CHECK(parse_duration("15m") == 15min);
    CHECK(parse_duration("24h") == 24h);
    CHECK(parse_duration("90d") == 24h * 90);
    CHECK(parse_duration("0s") == 0s);
}

TEST_CASE("A duration without unit or with more than one number is none") {
    for (const char* text : {"", "24", "h", "1.5h", "-1h", "1h30m", " 1h", "1 h", "1H", "1w", "1h "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("A duration ends at ten thousand days and never overflows") {
    CHECK(parse_duration("10000d") == 24h * 10'000);
    CHECK_FALSE(parse_duration("10001d"));
    CHECK(parse_duration("864000000000ms") == 24h * 10'000);
    CHECK_FALSE(parse_duration("864000000001ms"));
    CHECK_FALSE(parse_duration("99999999999999999999999ms"));
}

TEST_CASE("A host name is made of lower-case labels") {
    CHECK(is_host_name("exchange.example.org"));
    CHECK(is_host_name("a"));
    CHECK(is_host_name("a-1.b2"));
    for (const char* text : {"", ".", "a.", ".a", "a..b", "-a", "a-", "A", "a_b", "a/log", "a:1", "a b"}) {
        CAPTURE(text);
        CHECK_FALSE(is_host_name(text));
    }
    CHECK(is_host_name(std::string(63, 'a')));
    CHECK_FALSE(is_host_name(std::string(64, 'a')));
    std::string longest;
    for (int i = 0; i < 126; ++i) longest += "a.";
    CHECK(is_host_name(longest + "a"));
    CHECK_FALSE(is_host_name(longest + "aa"));
}

TEST_CASE("An address is an IPv4 or IPv6 address and nothing else") {
    for (const char* text : {"127.0.0.1", "0.0.0.0", "::", "::1", "2001:db8::1"}) CHECK(is_ip_address(text));
    for (const char* text : {"", "localhost", "127.0.0.1:80", "[::1]", "127.1", "256.0.0.1", "::1%lo"}) {
        CAPTURE(text);
        CHECK_FALSE(is_ip_address(text));
    }
    CHECK_FALSE(is_ip_address(std::string_view("127.0.0.1\0x", 11)));
}

TEST_CASE("A text has no control characters and ends at a thousand bytes") {
    CHECK(is_plain_text(""));
    CHECK(is_plain_text("לשכה 5000"));
    CHECK_FALSE(is_plain_text("two\nlines"));
    CHECK_FALSE(is_plain_text("\x7F"));
    CHECK(is_plain_text(std::string(1'000, 'x')));
    CHECK_FALSE(is_plain_text(std::string(1'001, 'x')));
}

TEST_CASE("A choice is one whole word of its list") {
    CHECK(is_choice("warn", "error|warn|info"));
    CHECK(is_choice("info", "error|warn|info"));
    CHECK_FALSE(is_choice("war", "error|warn|info"));
    CHECK_FALSE(is_choice("warn|info", "error|warn|info"));
    CHECK_FALSE(is_choice("", "error|warn|info"));
}

TEST_CASE("A key that names a secret is known by its name unless it names the file") {
    CHECK(names_a_secret("database.password"));
    CHECK(names_a_secret("keys.passphrase"));
    CHECK(names_a_secret("signin.client_secret"));
    CHECK_FALSE(names_a_secret("database.password_file"));
    CHECK_FALSE(names_a_secret("hub.name"));
}
