// The clock on a wall in Israel, over the two nights on which it is moved.
#include <catch2/catch.hpp>

#include "adapters/record/israel_time.h"

using namespace kesher::contract;
using namespace kesher::record;
using namespace std::chrono_literals;

namespace {

Day day(std::string_view text) { return parse_day(text).value(); }
Instant at(std::string_view on, std::chrono::minutes time) { return start_of(day(on)) + time; }

}  // namespace

TEST_CASE("Summer in Israel is from the Friday before March's last Sunday to October's last Sunday") {
    CHECK(wall_time(at("2026-03-26", 1439min)) == WallTime{day("2026-03-27"), 1h + 59min});
    CHECK(wall_time(at("2026-03-27", 0min)) == WallTime{day("2026-03-27"), 3h});
    CHECK(wall_time(at("2026-10-24", 1379min)) == WallTime{day("2026-10-25"), 1h + 59min});
    CHECK(wall_time(at("2026-10-24", 1380min)) == WallTime{day("2026-10-25"), 1h});
    CHECK(instant_of({day("2026-03-27"), 2h + 30min}) == std::nullopt);
    CHECK(instant_of({day("2026-10-25"), 1h + 30min}) == at("2026-10-24", 1350min));
    CHECK(instant_of({day("2026-07-01"), 12h}) == at("2026-07-01", 540min));
}
