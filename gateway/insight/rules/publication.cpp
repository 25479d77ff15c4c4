#include "gateway/insight/rules/publication.h"

#include <cassert>

#include "schemas/contract/limits.h"

namespace kesher::insight {

using namespace contract;

DayBand band_of(Day since, Day today) {
    const auto days = (today - since).count();
    if (days <= 3) return DayBand::to_3;
    if (days <= 14) return DayBand::to_14;
    if (days <= 30) return DayBand::to_30;
    return DayBand::over_30;
}

std::uint32_t least_cell(OrganisationKind kind) {
    const bool at_the_table = kind == OrganisationKind::public_body || kind == OrganisationKind::auditor;
    return at_the_table ? limits::kSmallCell : limits::kSmallCellOutside;
}

std::optional<std::uint32_t> said_count(std::uint32_t count, std::uint32_t least) {
    assert(least > 0);
    if (count < least) return std::nullopt;
    return count / least * least;
}

std::optional<std::uint32_t> said_sum(std::uint32_t own, std::uint32_t others, std::uint32_t least) {
    const std::uint32_t sum = said_count(own, least).value_or(0) + said_count(others, least).value_or(0);
    return sum == 0 ? std::nullopt : std::optional(sum);
}

}  // namespace kesher::insight
