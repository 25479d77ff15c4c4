// A body reads its cases page by page: each once, each with its leaf, and what leads to the next page says
// nothing and serves nobody else.
#include <catch2/catch.hpp>

#include <set>

#include "tests/store/upkeep/asked.h"

using namespace kesher;
using namespace kesher::contract;
using tests::Asked;

namespace {

struct Page {
    std::vector<std::string> names;
    std::optional<std::string> next;
};

Page page_in(const edge::Response& response) {
    REQUIRE(response.status == 200);
    const auto answer = tests::read_answer(response);
    Page page;
    for (const json::Value& each : *answer.find("cases")->array()) {
        page.names.push_back(*each.find("pseudonym")->text());
    }
    if (const json::Value* next = answer.find("next")) page.next = *next->text();
    return page;
}

struct Paged : Asked {
    std::set<std::string> opened;

    explicit Paged(int count) {
        for (int i = 0; i < count; ++i) opened.insert(world.open_case(world.department).reveal());
    }
    Page page(Query query) { return page_in(cases(world.department, std::move(query))); }
};

// Another letter in the middle: of 83 characters none there is a mere filling bit.
std::string changed(std::string cursor) {
    char& letter = cursor[cursor.size() / 2];
    letter = letter == 'A' ? 'B' : 'A';
    return cursor;
}

}  // namespace

TEST_CASE("All cases are read in pages and each stands on one page and has one leaf") {
    Paged it(5);
    std::vector<std::size_t> sizes;
    std::set<std::string> read;
    std::optional<std::string> next;
    const std::size_t before = it.leaves();
    do {
        Asked::Query query{{"limit", "2"}};
        if (next) query.emplace_back("after", *next);
        const Page page = it.page(query);
        sizes.push_back(page.names.size());
        read.insert(page.names.begin(), page.names.end());
        CHECK(it.leaves() == before + read.size());
        next = page.next;
    } while (next);
    CHECK(sizes == std::vector<std::size_t>{2, 2, 1});
    CHECK(read == it.opened);
}

TEST_CASE("A page that ends with the last case names no next one and a shorter one does") {
    Paged it(4);
    CHECK_FALSE(it.page({{"limit", "4"}}).next);
    CHECK_FALSE(it.page({{"limit", "5"}}).next);
    CHECK(it.page({{"limit", "3"}}).next);
}

TEST_CASE("A page holds a hundred cases unless asked otherwise and two hundred at most") {
    Paged it(101);
    const Page first = it.page({});
    CHECK(first.names.size() == 100);
    REQUIRE(first.next);
    CHECK(it.page({{"after", *first.next}}).names.size() == 1);
    CHECK(it.page({{"limit", "200"}}).names.size() == 101);
    CHECK(it.cases(it.world.department, {{"limit", "201"}}).status == 422);
}

TEST_CASE("A question for cases that is not of the form is refused and leaves nothing") {
    Paged it(1);
    const std::size_t before = it.leaves();
    CHECK(it.cases(it.world.department, {{"limit", "0"}}).status == 422);
    CHECK(it.cases(it.world.department, {{"limit", "02"}}).status == 422);
    CHECK(it.cases(it.world.department, {{"limit", "2"}, {"limit", "3"}}).status == 422);
    CHECK(it.cases(it.world.department, {{"page", "2"}}).status == 422);
    CHECK(it.cases(it.world.department, {{"after", ""}}).status == 422);
    CHECK(it.cases(it.world.department, {{"after", "her name"}}).status == 422);
    CHECK(it.leaves() == before);
    CHECK(it.cases(it.world.department, {{"limit", "1"}}).status == 200);
}

TEST_CASE("Where a page ended is good for the body that read it and not changed or for another") {
    Paged it(2);
    (void)it.world.open_case(it.world.health);
    const std::string next = *it.page({{"limit", "1"}}).next;
    const std::size_t before = it.leaves();
    CHECK(it.cases(it.world.health, {{"after", next}}).status == 422);
    CHECK(it.cases(it.world.department, {{"after", changed(next)}}).status == 422);
    CHECK(it.cases(it.world.department, {{"after", next + "A"}}).status == 422);
    CHECK(it.leaves() == before);
    CHECK(it.page({{"after", next}}).names.size() == 1);
}

TEST_CASE("Where a page ended is told each time in other words and never by a key of the database") {
    Paged it(2);
    const Page page = it.page({{"limit", "1"}});
    const Page again = it.page({{"limit", "1"}});
    CHECK(page.names == again.names);
    CHECK(*page.next != *again.next);
    CHECK(page.next->size() == again.next->size());
    const auto name = Pseudonym::parse(page.names.front()).value();
    const Digest lookup = it.world.row_keys().lookup(it.world.department.id(), name);
    const auto bytes = from_base64url(*page.next).value();
    CHECK(std::search(bytes.begin(), bytes.end(), lookup.bytes.begin(), lookup.bytes.end()) == bytes.end());
}
