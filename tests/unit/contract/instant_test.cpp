// A recipient gets days; only the log holds instants.
#include <catch2/catch.hpp>

#include "schemas/contract/instant.h"

using namespace kesher::contract;
using namespace std::chrono_literals;

TEST_CASE("A day is a real date in one spelling") {
    CHECK(text(parse_day("2026-11-21").value()) == "2026-11-21");
    CHECK(parse_day("2024-02-29"));
    CHECK(parse_day("1900-01-01"));
    CHECK(parse_day("2199-12-31"));
    for (const char* word :
         {"2023-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "1899-12-31", "2200-01-01", "2026-1-02",
          "26-11-2026", "2026/11/21", "2026-11-21T", "", "2026-11-0a"}) {
        CAPTURE(word);
        CHECK_FALSE(parse_day(word));
    }
}

TEST_CASE("An instant belongs to the UTC day it falls in up to its last millisecond") {
    const Day day = parse_day("2026-11-21").value();
    CHECK(day_of(start_of(day)) == day);
    CHECK(day_of(start_of(day) + 24h - 1ms) == day);
    CHECK(day_of(start_of(day) + 24h) == day + std::chrono::days{1});
    CHECK(text(start_of(day) + 7h + 5min + 9s + 12ms) == "2026-11-21T07:05:09.012Z");
}
