// The clock on a wall in Israel, for hours of appointments: UTC+2, in summer UTC+3.
//
// By the Time Determination Law as amended in 2013: summer begins at 02:00 of the Friday before the last
// Sunday of March and ends at 02:00 of the last Sunday of October. Pure; asks no time zone file.
#pragma once

#include <chrono>
#include <optional>

#include "schemas/contract/instant.h"

namespace kesher::record {

struct WallTime {
    contract::Day day;
    std::chrono::seconds time{};  // since midnight
    friend bool operator==(const WallTime&, const WallTime&) = default;
};

[[nodiscard]] WallTime wall_time(contract::Instant instant);
// None for the hour that the clocks jump over in March; the first of two for the hour that comes twice.
[[nodiscard]] std::optional<contract::Instant> instant_of(const WallTime& wall);

}  // namespace kesher::record
