// What two readers of JSON could understand differently is refused, with what and where, never the content.
// Method: each refused text differs in one fact from one that is read.
#include <catch2/catch.hpp>

#include "schemas/json/read.h"
#include "schemas/json/writer.h"

using namespace kesher::json;
namespace limits = kesher::contract::limits;

namespace {

// "ok", or the word of the fault.
std::string verdict(std::string_view text, Bounds bounds = {}) {
    const auto value = read(text, bounds);
    return value ? "ok" : std::string(word(value.error().fault));
}

std::size_t offset(std::string_view text) { return read(text).error().offset; }

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

using namespace std::string_view_literals;

}  // namespace

TEST_CASE("A document is read into exact types with its members in their order") {
    const auto value = read(R"( {"b":[1,-2,true,null],"a":"\u05e9\ud83d\ude00","o":{}} )");
    REQUIRE(value);
    REQUIRE(value->members());
    CHECK(value->members()->at(0).key == "b");
    CHECK(value->members()->at(1).key == "a");
    const auto& items = *value->find("b")->array();
    CHECK(*items.at(0).integer() == 1);
    CHECK(*items.at(1).integer() == -2);
    CHECK(*items.at(2).boolean());
    CHECK(items.at(3).is_null());
    CHECK(*value->find("a")->text() == "\xD7\xA9\xF0\x9F\x98\x80");
    CHECK(value->find("o")->members()->empty());
    CHECK(value->find("none") == nullptr);
    CHECK(items.at(0).find("b") == nullptr);
}

TEST_CASE("A key stands once in an object but may stand again in another") {
    CHECK(verdict(R"({"a":{"a":1},"b":{"a":1}})") == "ok");
    CHECK(verdict(R"({"a":1,"a":1})") == "duplicate_key");
    CHECK(verdict(R"({"a":1,"\u0061":2})") == "duplicate_key");
    CHECK(verdict(R"({"x":{"a":1,"b":2,"a":3}})") == "duplicate_key");
}

TEST_CASE("A key stands once also among many") {
    for (const std::size_t keys : {2U, 23U, 24U, 25U, 26U, 1'000U}) {
        CAPTURE(keys);
        std::string text = "{";
        for (std::size_t n = 0; n < keys; ++n) text += "\"k" + std::to_string(n) + "\":{\"k0\":0},";
        CHECK(verdict(text + "\"other\":1}") == "ok");
        for (const std::size_t again : {std::size_t{0}, keys / 2, keys - 1}) {
            CHECK(verdict(text + "\"k" + std::to_string(again) + "\":1}") == "duplicate_key");
        }
    }
}

TEST_CASE("A number is an integer in its one spelling") {
    for (const char* text : {"0", "7", "-7", "[10,20]"}) CHECK(verdict(text) == "ok");
    for (const char* text : {"1.0", "1e2", "1E2", "0.5", "-0", "-0.0", "-01", "1e999", "{\"a\":-0}"}) {
        CAPTURE(text);
        CHECK(verdict(text) == "not_an_integer");
    }
    for (const char* text : {"[01]", "+1", "-", "[0x10]", ".5", "1.", "NaN", "Infinity", "--1"}) {
        CAPTURE(text);
        CHECK(verdict(text) == "syntax");
    }
}

TEST_CASE("An integer is within 64 bits with a sign") {
    CHECK(*read("9223372036854775807")->integer() == INT64_MAX);
    CHECK(*read("-9223372036854775808")->integer() == INT64_MIN);
    CHECK(verdict("9223372036854775808") == "integer_out_of_range");
    CHECK(verdict("-9223372036854775809") == "integer_out_of_range");
    CHECK(verdict("18446744073709551616") == "integer_out_of_range");
    CHECK(verdict(std::string(400, '9')) == "integer_out_of_range");
}

TEST_CASE("NUL is refused raw and escaped, in text, keys and between values") {
    CHECK(verdict(R"("\u0001")") == "ok");
    CHECK(verdict(R"("\u0000")") == "nul");
    CHECK(verdict(R"({"a\u0000b":1})") == "nul");
    CHECK(verdict("\"a\0b\""sv) == "nul");
    CHECK(verdict("{}\0"sv) == "nul");
    CHECK(verdict("{}\0{}"sv) == "nul");
}

TEST_CASE("Text is UTF-8 without lone surrogates") {
    CHECK(verdict("\"\xD7\xA9\"") == "ok");
    CHECK(verdict("\"\xF4\x8F\xBF\xBF\"") == "ok");
    for (const char* text :
         {"\"\xD7\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xFF\"", "\xFF"}) {
        CHECK(verdict(text) == "not_utf8");
    }
    CHECK(verdict(R"("\ud83d\ude00")") == "ok");
    for (const char* text :
         {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\u0041")", R"("\ude00\ud83d")"}) {
        CAPTURE(text);
        CHECK(verdict(text) == "syntax");
    }
}

TEST_CASE("A byte order mark is refused") {
    CHECK(verdict("{}") == "ok");
    CHECK(verdict("\xEF\xBB\xBF{}") == "byte_order_mark");
    CHECK(verdict("\xFE\xFF{}") == "not_utf8");
}

TEST_CASE("Nothing but white space stands behind the document") {
    CHECK(verdict("{} \n\t\r") == "ok");
    for (const char* text : {"{}x", "{}{}", "1 2", "[],", "{}//", "\"a\" \"b\"", "true}"}) {
        CAPTURE(text);
        CHECK(verdict(text) == "trailing_text");
    }
}

TEST_CASE("Broken syntax is refused") {
    for (const char* text :
         {"", " ", "{", "[", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\"}", "[1 2]", "tru", "TRUE",
          "\"a", "\"\n\"", "\"\t\"", "\"\\x41\"", "\"\\u12\"", "/**/1", "]"}) {
        CAPTURE(text);
        CHECK(verdict(text) == "syntax");
    }
}

TEST_CASE("Where one spelling is asked for no white space stands between words and nothing is escaped") {
    constexpr Bounds kPlain{.spelling = Spelling::plain};
    constexpr std::string_view kGood = R"({"a":[1,-2,true,null,{}],"b c":" d é {}[]:, "})";
    CHECK(verdict(kGood, kPlain) == "ok");
    for (const char* text :
         {R"( {"a":1})", R"({"a":1} )", R"({ "a":1})", R"({"a" :1})", R"({"a": 1})", R"({"a":1 })",
          R"([1, 2])", "{\"a\":\n1}", "{\"a\":\t1}", "{\"a\":\r1}", R"({"\u0061":1})", R"({"a":"\u0062"})",
          R"({"a":"\/"})", R"({"a":"\n"})", R"({"a":"\""})", R"({"a":"\\"})"}) {
        CAPTURE(text);
        CHECK(verdict(text) == "ok");
        CHECK(verdict(text, kPlain) == "not_plain");
    }
    CHECK(read(R"({"a": 1})", kPlain).error().offset == 5);
    CHECK(verdict("{\"a\":1}x", kPlain) == "trailing_text");
}

TEST_CASE("Where certificates are expected their line ends are escaped and nothing else is") {
    constexpr Bounds kPem{.spelling = Spelling::plain_with_line_ends};
    CHECK(verdict(R"(["-----BEGIN\nA+/=\n-----END\n"])", kPem) == "ok");
    for (const char* text :
         {R"(["a\r\nb"])", R"(["\/"])", R"(["\u002B"])", R"(["\\n"])", R"(["\"n"])", R"(["a", "b"])"}) {
        CAPTURE(text);
        CHECK(verdict(text) == "ok");
        CHECK(verdict(text, kPem) == "not_plain");
    }
    CHECK(verdict("[\\n]", kPem) == "not_plain");
}

TEST_CASE("A document is as deep as the contract allows and not deeper") {
    CHECK(verdict(nested(limits::kJsonDepth)) == "ok");
    CHECK(verdict(nested(limits::kJsonDepth + 1)) == "too_deep");
    CHECK(verdict(std::string(30'000, '[')) == "too_deep");
    CHECK(verdict(nested(2), {.depth = 2}) == "ok");
    CHECK(verdict(nested(3), {.depth = 2}) == "too_deep");
    CHECK(verdict("1", {.depth = 0}) == "ok");
    CHECK(verdict(R"({"a":[{}]})", {.depth = 3}) == "ok");
    CHECK(verdict(R"({"a":[{}]})", {.depth = 2}) == "too_deep");
}

TEST_CASE("A document is as long as the contract allows and not longer") {
    const std::string largest = '"' + std::string(limits::kJsonBytes - 2, 'x') + '"';
    CHECK(verdict(largest) == "ok");
    CHECK(verdict(largest + ' ') == "too_large");
    CHECK(verdict("[1]", {.bytes = 3}) == "ok");
    CHECK(verdict("[1]", {.bytes = 2}) == "too_large");
}

TEST_CASE("An error says where it stopped") {
    CHECK(offset("\xEF\xBB\xBF{}") == 0);
    CHECK(offset("{}\0"sv) == 2);
    CHECK(offset(R"({"a":1,"a":2})") == 10);
    CHECK(offset(R"({"a":x})") == 6);
    CHECK(offset("[1.5]") == 5);
    CHECK(offset("") == 0);
}

TEST_CASE("A document that is nothing but keys is read to its last one, and none is forgotten on the way") {
    std::string text = "{";
    std::size_t keys = 0;
    for (; text.size() < limits::kJsonBytes - 20; ++keys) text += "\"" + std::to_string(keys) + "\":0,";
    const auto value = read(text + "\"last\":1}");
    REQUIRE(value);
    REQUIRE(value->members()->size() == keys + 1);
    for (std::size_t i = 0; i < keys; ++i) CHECK(value->members()->at(i).key == std::to_string(i));
    for (const std::size_t again : {std::size_t{0}, keys / 2, keys - 1}) {
        CHECK(verdict(text + "\"" + std::to_string(again) + "\":1}") == "duplicate_key");
    }
}
