// A foreign document is read strictly, but for decimals, which become the text of their digits.
#include <catch2/catch.hpp>

#include "adapters/health/document.h"
#include "schemas/json/read.h"

using namespace kesher;
using namespace kesher::health;

TEST_CASE("A decimal becomes its digits and nothing else changes") {
    CHECK(decimals_as_text(R"({"a":1.50,"b":-2e3,"c":[0.1,7],"d":"1.5"})") ==
          R"({"a":"1.50","b":"-2e3","c":["0.1",7],"d":"1.5"})");
    CHECK(decimals_as_text(R"({"a\"1.5":"\\","b":1.5})") == R"({"a\"1.5":"\\","b":"1.5"})");
    CHECK(decimals_as_text("1E+9") == "\"1E+9\"");
    for (const auto text : {"-7", "0", "true", "", "\"1.5", "[]"}) CHECK(decimals_as_text(text) == text);
}

TEST_CASE("What is no number of JSON is left for the reader to refuse") {
    for (const auto text : {"01.5", "1.", ".5", "1.e3", "1e", "-", "--1.5", "+1.5", "1.5.5", "-0"}) {
        CHECK_FALSE(json::read(decimals_as_text(text)));
    }
}

TEST_CASE("A document is read to its depth and no deeper") {
    const auto nested = [](std::size_t depth) {
        return R"({"resourceType":"Task","x":)" + std::string(depth, '[') + std::string(depth, ']') + '}';
    };
    CHECK(open_document(nested(kForeignDepth - 1), "Task"));
    CHECK(open_document(nested(kForeignDepth), "Task").error() == FhirFaults{{"Task", Flaw::not_json}});
}

TEST_CASE("What two readers could understand differently is refused in foreign documents too") {
    for (const auto text :
         {R"({"resourceType":"Task","a":1,"a":2})", R"({"resourceType":"Task","a":"\u0000"})",
          "\xEF\xBB\xBF{\"resourceType\":\"Task\"}", R"({"resourceType":"Task"} {})"})
        CHECK(open_document(text, "Task").error() == FhirFaults{{"Task", Flaw::not_json}});
}
