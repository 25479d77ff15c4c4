// To whom a department's referral goes: one row of the settings for one service, or for one service of one
// authority. Pure. A file with a referral that no row, or more than one, fits is refused whole.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "adapters/social_services/department_file.h"

namespace kesher::social_services {

struct Route {
    contract::Service service;
    std::optional<Authority> authority;  // none: wherever she lives
    contract::OrganisationId recipient;
    friend bool operator==(const Route&, const Route&) = default;
};
using Routes = std::vector<Route>;

// "HOUS-RENT", "HOUS-RENT.5000", "HOUS-RENT.C0012" and an organisation's id; none for anything else.
[[nodiscard]] std::optional<Route> parse_route(std::string_view key, std::string_view organisation);

// "5000" a settlement's symbol, "C0012" a regional council's: four digits, not all zeros.
[[nodiscard]] std::optional<Authority> parse_authority(std::string_view text);

// The one recipient, or the fault at the referral's line: `service` where no row has the service,
// `symbol` where rows have it for other authorities only, `service` where two rows fit.
[[nodiscard]] contract::Result<contract::OrganisationId, FileFault> recipient_of(const Routes& routes,
                                                                                 const Referral& referral);

// A fault of meaning at a field of the referral's own record.
[[nodiscard]] FileFault referral_fault(const Referral& referral, std::string_view field, Flaw flaw);

}  // namespace kesher::social_services
