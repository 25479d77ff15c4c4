// No other body's traffic, however much and however spread, leaves an end without a name.
#include <catch2/catch.hpp>

#include "adapters/social_services/day_names.h"

using namespace kesher::contract;
using namespace kesher::social_services;

namespace {

const Instant kMidnight = start_of(parse_day("2026-11-21").value());

}  // namespace

TEST_CASE("Names of one status each count down to where the common ones begin and those have the rest") {
    const Sequences own = sequences_for(FileUse::status);
    const Sequences common = sequences_for(FileUse::common);
    CHECK(own.kind == common.kind);
    CHECK(own.first == 999);
    CHECK(own.last == common.first + 1);
    CHECK(common.first == kCommonNames);
    CHECK(common.last == 1);
    const Sequences referrals = sequences_for(FileUse::referral);
    CHECK(referrals.kind == FileName::Kind::data);
    CHECK(referrals.first == 1);
    CHECK(referrals.last == 999);
}

TEST_CASE("Where something waits at every second of a day the names last and none is far away") {
    std::size_t used = 0;
    Instant last = kMidnight;
    std::chrono::milliseconds longest{0};
    for (Instant now = kMidnight; now < kMidnight + std::chrono::days{1}; now += std::chrono::seconds{1}) {
        if (!is_common_due(used, now)) continue;
        ++used;
        longest = std::max<std::chrono::milliseconds>(longest, now - last);
        last = now;
    }
    CHECK(used == kCommonFilesADay);
    CHECK(used + 50 == kCommonNames);  // so many the department may take by files of its own
    CHECK(longest == std::chrono::minutes{7} + std::chrono::seconds{12});
}

TEST_CASE("A common name is due from its share of the day on and the first at once") {
    CHECK(is_common_due(0, kMidnight));
    const Instant half = kMidnight + std::chrono::hours{12};
    CHECK(is_common_due(kCommonFilesADay / 2, half));
    CHECK_FALSE(is_common_due(kCommonFilesADay / 2, half - std::chrono::milliseconds{1}));
    CHECK_FALSE(is_common_due(kCommonFilesADay / 2 + 1, half));
    CHECK_FALSE(
        is_common_due(kCommonFilesADay, kMidnight + std::chrono::days{1} - std::chrono::milliseconds{1}));
}
