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

}  // namespace kesher::insight
