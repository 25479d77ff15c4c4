// Decides in which form a number or a time about cases may be shown: bands of days, counts in steps.
#pragma once

#include <cstdint>
#include <optional>

#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::insight {

// How long a referral has stood where it stands (domain.md 9.2).
enum class DayBand { to_3, to_14, to_30, over_30 };
inline constexpr contract::ClosedList<DayBand, 4> kDayBands{{"0-3", "4-14", "15-30", "over-30"}};
// Whole days; a day in the future counts as today.
[[nodiscard]] DayBand band_of(contract::Day since, contract::Day today);

// From which count on a cell is shown to a body of this kind: 5 to those that sit at the round table, 10 to
// all others.
[[nodiscard]] std::uint32_t least_cell(contract::OrganisationKind kind);

// The count in whole steps of `least`, rounded down; none below it. `least` is more than 0.
[[nodiscard]] std::optional<std::uint32_t> said_count(std::uint32_t count, std::uint32_t least);

// The same of two counts, the asker's own and all others': each in whole steps by itself and then added,
// because whoever can take its own away from a sum is left with what may be one woman. None where neither
// reaches `least`.
[[nodiscard]] std::optional<std::uint32_t> said_sum(std::uint32_t own, std::uint32_t others,
                                                    std::uint32_t least);

}  // namespace kesher::insight
