#include "adapters/social_services/routing.h"

#include <algorithm>

#include "adapters/social_services/fields.h"

namespace kesher::social_services {

using contract::Failure;

std::optional<Authority> parse_authority(std::string_view text) {
    const bool council = text.starts_with('C');
    if (council) text.remove_prefix(1);
    if (text.size() != 4) return std::nullopt;
    std::uint16_t symbol = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        symbol = static_cast<std::uint16_t>(symbol * 10 + (c - '0'));
    }
    if (symbol == 0) return std::nullopt;
    return Authority{council ? Authority::Kind::regional_council : Authority::Kind::settlement, symbol};
}

std::optional<Route> parse_route(std::string_view key, std::string_view organisation) {
    const std::size_t dot = std::min(key.find('.'), key.size());
    const auto service = contract::kServices.parse(key.substr(0, dot));
    const auto recipient = contract::OrganisationId::parse(organisation);
    if (!service || !recipient || *recipient == contract::OrganisationId::hub()) return std::nullopt;
    if (dot == key.size()) return Route{*service, std::nullopt, *recipient};
    const auto authority = parse_authority(key.substr(dot + 1));
    if (!authority) return std::nullopt;
    return Route{*service, authority, *recipient};
}

FileFault referral_fault(const Referral& referral, std::string_view field, Flaw flaw) {
    FileFault fault{.line = referral.line.number, .column = 1, .flaw = flaw};
    for (const Field& each : kR100) {
        if (each.name == field) {
            fault.field = each.name;
            fault.field_hebrew = each.hebrew;
            return fault;
        }
        fault.column += static_cast<unsigned>(each.width);
    }
    fault.column = 1;
    return fault;
}

contract::Result<contract::OrganisationId, FileFault> recipient_of(const Routes& routes,
                                                                   const Referral& referral) {
    const Route* found = nullptr;
    bool elsewhere = false;
    for (const Route& route : routes) {
        if (route.service != referral.service) continue;
        if (route.authority && route.authority != referral.authority) {
            elsewhere = true;
            continue;
        }
        if (found != nullptr) return Failure{referral_fault(referral, "service", Flaw::route_twice)};
        found = &route;
    }
    if (found != nullptr) return found->recipient;
    return Failure{referral_fault(referral, elsewhere ? "symbol" : "service", Flaw::route_missing)};
}

}  // namespace kesher::social_services
