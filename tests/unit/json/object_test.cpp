// An object has exactly the members that are known: nothing missing, nothing foreign, each of its kind.
#include <catch2/catch.hpp>

#include "schemas/json/object.h"
#include "schemas/json/read.h"

using namespace kesher::json;
using What = Mismatch::What;

namespace {

std::optional<What> what(const Object& object) {
    const auto end = object.finish();
    if (end) return std::nullopt;
    return end.error().what;
}

}  // namespace

TEST_CASE("Members that are all asked for are taken with their values") {
    const Value value = read(R"({"t":"x","i":5,"b":true,"a":[1],"o":{"k":1}})").value();
    Object object(value);
    CHECK(object.text("t") == "x");
    CHECK(object.integer("i") == 5);
    CHECK(object.boolean("b"));
    CHECK(object.array("a").size() == 1);
    CHECK(*object.object("o").find("k")->integer() == 1);
    CHECK(object.finish());
}

TEST_CASE("Optional members may be absent or present") {
    const Value value = read(R"({"t":"x","i":5,"b":true,"a":[1],"o":{}})").value();
    Object present(value);
    CHECK(present.optional_text("t") == "x");
    CHECK(present.optional_integer("i") == 5);
    CHECK(present.optional_boolean("b") == true);
    CHECK(present.optional_array("a")->size() == 1);
    CHECK(present.optional_object("o") != nullptr);
    CHECK(present.finish());
    const Value empty = read("{}").value();
    Object absent(empty);
    CHECK_FALSE(absent.optional_text("t"));
    CHECK_FALSE(absent.optional_integer("i"));
    CHECK_FALSE(absent.optional_boolean("b"));
    CHECK_FALSE(absent.optional_array("a"));
    CHECK(absent.optional_object("o") == nullptr);
    CHECK(absent.finish());
}

TEST_CASE("A member that nobody asked for is reported without its name") {
    const Value value = read(R"({"known":1,"foreign":2})").value();
    Object object(value);
    CHECK(object.integer("known") == 1);
    REQUIRE_FALSE(object.finish());
    CHECK(object.finish().error().what == What::unknown);
    CHECK(object.finish().error().key.empty());
    CHECK(object.integer("foreign") == 2);
    CHECK(object.finish());
}

TEST_CASE("The first missing member is reported by its name") {
    const Value value = read(R"({"a":"1"})").value();
    Object object(value);
    CHECK(object.text("a") == "1");
    CHECK(object.text("b").empty());
    CHECK(object.integer("c") == 0);
    REQUIRE_FALSE(object.finish());
    CHECK(object.finish().error().what == What::missing);
    CHECK(object.finish().error().key == "b");
}

TEST_CASE("A member of another kind is refused even where it is optional") {
    const Value value = read(R"({"n":null,"t":"1"})").value();
    const auto after = [&](auto demand) {
        Object object(value);
        demand(object);
        return what(object);
    };
    CHECK(after([](Object& o) { (void)o.text("n"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.optional_text("n"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.integer("t"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.optional_integer("t"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.boolean("t"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.optional_boolean("t"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.array("t"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.optional_array("t"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.object("t"); }) == What::wrong_kind);
    CHECK(after([](Object& o) { (void)o.optional_object("t"); }) == What::wrong_kind);
}

TEST_CASE("What is no object has no members") {
    for (const char* text : {"[]", "1", "null", "\"x\""}) {
        const Value value = read(text).value();
        Object object(value);
        CHECK_FALSE(object.optional_text("a"));
        CHECK(what(object) == What::not_an_object);
    }
}
