// No other body's traffic, however much and however spread, leaves an end without a name.
#include <catch2/catch.hpp>

#include "adapters/social_services/day_names.h"

using namespace kesher::contract;
using namespace kesher::social_services;

namespace {

const Instant kMidnight = start_of(parse_day("2026-11-21").value());

}  // namespace

TEST_CASE("Steps count down to where the names for ends begin and ends have the rest") {
    const Sequences steps = sequences_for(FileUse::status);
    const Sequences ends = sequences_for(FileUse::ends);
    CHECK(steps.kind == ends.kind);
    CHECK(steps.first == 999);
    CHECK(steps.last == ends.first + 1);
    CHECK(ends.first == kNamesForEnds);
    CHECK(ends.last == 1);
    const Sequences referrals = sequences_for(FileUse::referral);
    CHECK(referrals.kind == FileName::Kind::data);
    CHECK(referrals.first == 1);
    CHECK(referrals.last == 999);
}

TEST_CASE("Where an end waits at every second of a day the names last and none is far away") {
    std::size_t used = 0;
    Instant last = kMidnight;
    std::chrono::milliseconds longest{0};
    for (Instant now = kMidnight; now < kMidnight + std::chrono::days{1}; now += std::chrono::seconds{1}) {
        if (!is_due_for_ends(used, now)) continue;
        ++used;
        longest = std::max<std::chrono::milliseconds>(longest, now - last);
        last = now;
    }
    CHECK(used == kNamesForEnds);
    CHECK(longest == std::chrono::minutes{7} + std::chrono::seconds{12});
}

TEST_CASE("A name for ends is due from its share of the day on and the first at once") {
    CHECK(is_due_for_ends(0, kMidnight));
    const Instant half = kMidnight + std::chrono::hours{12};
    CHECK(is_due_for_ends(kNamesForEnds / 2, half));
    CHECK_FALSE(is_due_for_ends(kNamesForEnds / 2, half - std::chrono::milliseconds{1}));
    CHECK_FALSE(is_due_for_ends(kNamesForEnds / 2 + 1, half));
    CHECK_FALSE(
        is_due_for_ends(kNamesForEnds, kMidnight + std::chrono::days{1} - std::chrono::milliseconds{1}));
}
