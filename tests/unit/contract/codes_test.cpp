// Refusals are published: each has a word, a status, a side and a remedy, and none ever changes.
#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

#include "schemas/contract/codes.h"

using namespace kesher::contract;

TEST_CASE("Every refusal has its own word and a remedy and a status of a refusal") {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < kCodeCount; ++i) {
        const CodeFacts& facts = facts_of(static_cast<Code>(i));
        CAPTURE(facts.word);
        CHECK(words.insert(facts.word).second);
        CHECK(parse_code(facts.word) == facts.code);
        CHECK(facts.status >= 400);
        CHECK(facts.status <= 503);
        CHECK_FALSE(facts.title.empty());
        CHECK_FALSE(facts.remedy.empty());
    }
    CHECK_FALSE(parse_code("no_such_code"));
}

TEST_CASE("codes.md tells of every refusal with its status in the order of its number") {
    std::ifstream file(std::string(KESHER_SOURCE_DIR) + "/schemas/contract/codes.md");
    std::stringstream page;
    page << file.rdbuf();
    const std::string prose = page.str();
    std::size_t last = 0;
    for (std::size_t i = 0; i < kCodeCount; ++i) {
        const CodeFacts& facts = facts_of(static_cast<Code>(i));
        std::ostringstream row;
        row << "| " << i << " | `" << facts.word << "` | " << facts.status << " | " << text(facts.side)
            << " | ";
        CAPTURE(row.str());
        const std::size_t found = prose.find(row.str());
        REQUIRE(found != std::string::npos);
        CHECK(found >= last);
        CHECK(prose.find(facts.remedy, found) != std::string::npos);
        last = found;
    }
}
