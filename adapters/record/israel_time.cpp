#include "adapters/record/israel_time.h"

namespace kesher::record {
namespace {

using namespace std::chrono;
using contract::Instant;

constexpr hours kWinter{2};
constexpr hours kSummer{3};

// 02:00 winter time of the Friday before March's last Sunday, and 02:00 summer time of October's.
Instant summer_begins(year of) {
    return Instant{sys_days{of / March / Sunday[last]} - days{2} + hours{2} - kWinter};
}
Instant summer_ends(year of) { return Instant{sys_days{of / October / Sunday[last]} + hours{2} - kSummer}; }

bool is_summer(Instant instant) {
    const year of = year_month_day{contract::day_of(instant)}.year();
    return instant >= summer_begins(of) && instant < summer_ends(of);
}

}  // namespace

WallTime wall_time(Instant instant) {
    const Instant local = instant + (is_summer(instant) ? kSummer : kWinter);
    const contract::Day day = contract::day_of(local);
    return {day, floor<seconds>(local - Instant{day})};
}

std::optional<Instant> instant_of(const WallTime& wall) {
    for (const hours offset : {kSummer, kWinter}) {
        const Instant instant = Instant{wall.day} + wall.time - offset;
        if (wall_time(instant) == wall) return instant;
    }
    return std::nullopt;
}

}  // namespace kesher::record
