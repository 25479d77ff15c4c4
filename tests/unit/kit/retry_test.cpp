// When a message that did not get through is tried again.
#include "adapters/kit/retry.h"

#include <catch2/catch.hpp>

using namespace kesher;
using namespace kesher::kit;
using namespace std::chrono_literals;

TEST_CASE("The wait doubles with each failure and never passes five minutes") {
    CHECK(delay_range(1) == DelayRange{125ms, 500ms});
    CHECK(delay_range(2) == DelayRange{250ms, 1'000ms});
    CHECK(delay_range(9) == DelayRange{32'000ms, 128'000ms});
    CHECK(delay_range(10) == DelayRange{64'000ms, 256'000ms});
    CHECK(delay_range(11) == DelayRange{75'000ms, 300'000ms});
    CHECK(delay_range(4'000'000'000) == DelayRange{75'000ms, 300'000ms});
    CHECK(delay_range(0) == delay_range(1));
}

TEST_CASE("Her withdrawal that was refused without a proof waits for minutes and never longer than an hour") {
    CHECK(unproven_delay_range(1) == DelayRange{2min, 8min});
    CHECK(unproven_delay_range(2) == DelayRange{4min, 16min});
    CHECK(unproven_delay_range(3) == DelayRange{8min, 32min});
    CHECK(unproven_delay_range(4) == DelayRange{15min, 60min});
    CHECK(unproven_delay_range(4'000'000'000) == DelayRange{15min, 60min});
    CHECK(unproven_delay_range(0) == unproven_delay_range(1));
}

TEST_CASE("The jitter reaches both ends of its range and nothing beyond") {
    const DelayRange range{125ms, 500ms};
    CHECK(point_of(range, 0) == 125ms);
    CHECK(point_of(range, 375) == 500ms);
    CHECK(point_of(range, 376) == 125ms);
    for (std::uint64_t random = 0; random < 2'000; ++random) {
        const auto point = point_of(range, random * 0x9E3779B97F4A7C15u);
        REQUIRE((point >= range.least && point <= range.most));
    }
}

TEST_CASE("The hub's word on trying again has three spellings and no others") {
    CHECK(parse_retry("no") == RetryWord{contract::Retry::no, {}});
    CHECK(parse_retry("same") == RetryWord{contract::Retry::same, {}});
    CHECK(parse_retry("after 0") == RetryWord{contract::Retry::after, 0s});
    CHECK(parse_retry("after 90") == RetryWord{contract::Retry::after, 90s});
    CHECK(parse_retry("after 86400") == RetryWord{contract::Retry::after, 24h});
    CHECK(parse_retry("after 86401") == RetryWord{contract::Retry::after, 24h});
    for (const char* other : {"", "No", "after", "after ", "after -1", "after 05", "after 5 ", "after 5s",
                              "later", "after 99999999999999999999"}) {
        CAPTURE(other);
        CHECK_FALSE(parse_retry(other));
    }
}

TEST_CASE("What the hub asks for is the least wait and jitter comes on top") {
    CHECK_FALSE(delay_after({contract::Retry::no, {}}, 1));
    CHECK(delay_after({contract::Retry::same, {}}, 1) == DelayRange{125ms, 500ms});
    CHECK(delay_after({contract::Retry::after, 60s}, 1) == DelayRange{60'125ms, 60'500ms});
}
