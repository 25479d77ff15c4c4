// JSON is written with one spelling, and what is written is read again to the same.
#include <catch2/catch.hpp>

#include "schemas/json/read.h"
#include "schemas/json/writer.h"

using namespace kesher::json;

TEST_CASE("A document is written compactly in the order given") {
    Writer writer;
    writer.open_object().text("b", "x").number("a", -7).boolean("t", true).null("n");
    writer.open_array("l")
        .number(1)
        .text("y")
        .boolean(false)
        .null()
        .open_object()
        .close()
        .open_array()
        .close()
        .close();
    writer.open_object("o").raw("r", "[1]").close().close();
    CHECK(writer.take() ==
          R"({"b":"x","a":-7,"t":true,"n":null,"l":[1,"y",false,null,{},[]],"o":{"r":[1]}})");
}

TEST_CASE("Only what must be escaped is escaped") {
    Writer writer;
    writer.text("\"\\/\b\f\n\r\t\x01\x1F\x7F \xD7\xA9 <&>");
    CHECK(writer.take() == "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F \xD7\xA9 <&>\"");
}

TEST_CASE("What was read is written again to the same bytes") {
    for (const char* text : {R"({"a":[1,-2,"x\n",true,false,null,{"b":{}}],"c":"\u0001"})", "[]", "0", "null",
                             R"("\\\"")", "-9223372036854775808"}) {
        CAPTURE(text);
        Writer writer;
        writer.value(read(text).value());
        CHECK(writer.take() == text);
    }
}

TEST_CASE("A tree stands as a member and as an item") {
    const Value tree = read(R"({"x":[1]})").value();
    Writer writer;
    writer.open_object().value("tree", tree).open_array("list").value(tree).raw("2").close().close();
    CHECK(writer.take() == R"({"tree":{"x":[1]},"list":[{"x":[1]},2]})");
}

TEST_CASE("A writer can be used again for the next document") {
    Writer writer;
    CHECK(writer.number(1).take() == "1");
    CHECK(writer.open_array().close().take() == "[]");
}

TEST_CASE("A document that would not be JSON is not written") {
    Writer writer;
    CHECK_THROWS_AS(writer.take(), std::logic_error);
    CHECK_THROWS_AS(writer.close(), std::logic_error);
    CHECK_THROWS_AS(writer.text("key", "without an object"), std::logic_error);
    writer.open_object();
    CHECK_THROWS_AS(writer.number(1), std::logic_error);
    writer.number("a", 1);
    CHECK_THROWS_AS(writer.number("a", 2), std::logic_error);
    CHECK_THROWS_AS(writer.take(), std::logic_error);
    writer.close();
    CHECK_THROWS_AS(writer.open_array(), std::logic_error);
    CHECK(writer.take() == R"({"a":1})");
}

TEST_CASE("Text that no reader would take is not written") {
    using namespace std::string_view_literals;
    for (const auto text : {"a\0b"sv, "\xFF"sv, "\xED\xA0\x80"sv}) {
        Writer writer;
        CHECK_THROWS_AS(writer.text(text), std::logic_error);
    }
}

TEST_CASE("A key is written once also among many") {
    for (const std::size_t keys : {2U, 23U, 24U, 25U, 26U, 200U}) {
        CAPTURE(keys);
        for (const std::size_t again : {std::size_t{0}, keys / 2, keys - 1, keys}) {
            Writer writer;
            writer.open_object();
            for (std::size_t n = 0; n < keys; ++n) writer.number("k" + std::to_string(n), 0);
            const std::string key = "k" + std::to_string(again);
            if (again == keys) {
                CHECK_NOTHROW(writer.number(key, 1));
            } else {
                CHECK_THROWS_AS(writer.number(key, 1), std::logic_error);
            }
        }
    }
}

TEST_CASE("Every character is read back as it was written, wherever it stands") {
    for (char32_t code = 1; code < 0x100; ++code) {
        std::string character;
        if (code < 0x80) {
            character = static_cast<char>(code);
        } else {
            character = {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
        }
        for (const std::size_t before : {0U, 1U, 31U, 32U, 33U}) {
            const std::string text = std::string(before, 'x') + character + "y";
            const std::string written = Writer().text(text).take();
            const auto again = read(written);
            CAPTURE(written);
            REQUIRE(again);
            CHECK(*again->text() == text);
        }
    }
}
