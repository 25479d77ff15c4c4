// When a message that did not get through is tried again: exponential back-off with full jitter.
//
// Pure: the attempt gives a range, the caller draws from it. A thousand adapters that lost the same hub
// must not come back in the same second.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "schemas/contract/codes.h"

namespace kesher::kit {

inline constexpr std::chrono::milliseconds kFirstDelay{500};
inline constexpr std::chrono::milliseconds kLongestDelay{5 * 60 * 1'000};

struct DelayRange {
    std::chrono::milliseconds least{};
    std::chrono::milliseconds most{};
    friend bool operator==(DelayRange, DelayRange) = default;
};

// After `attempts` failures (1 or more): from a quarter to the whole of 500 ms · 2^(attempts-1), the whole
// at most five minutes.
[[nodiscard]] DelayRange delay_range(std::uint32_t attempts);
// After `attempts` refusals of her withdrawal that came without their proof: the whole is 8 minutes, twice as
// much each time, an hour at most. An honest hub answers the same again (not_found shows no leaf) and is not
// to be asked without end; what she took back is not to be forgotten either.
[[nodiscard]] DelayRange unproven_delay_range(std::uint32_t attempts);
inline constexpr std::chrono::milliseconds kFirstUnprovenDelay{8 * 60 * 1'000};
inline constexpr std::chrono::milliseconds kLongestUnprovenDelay{60 * 60 * 1'000};
// A point of the range; the same `random` gives the same point.
[[nodiscard]] std::chrono::milliseconds point_of(DelayRange range, std::uint64_t random);

// What a problem's `retry` says: `no`, `same`, `after <s>` (contract.md 5).
struct RetryWord {
    contract::Retry retry = contract::Retry::no;
    std::chrono::seconds after{};  // with Retry::after
    friend bool operator==(RetryWord, RetryWord) = default;
};
// None for another spelling. A wait over a day is read as a day.
[[nodiscard]] std::optional<RetryWord> parse_retry(std::string_view text);

// How long to wait: never shorter than the hub asked for. None where trying again cannot help.
[[nodiscard]] std::optional<DelayRange> delay_after(RetryWord word, std::uint32_t attempts);

}  // namespace kesher::kit
