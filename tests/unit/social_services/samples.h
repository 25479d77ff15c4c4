// One referral of a department, its desk and its alias key, for the tests of this room.
#pragma once

#include "adapters/social_services/to_messages.h"

namespace kesher::social_services::test {

inline contract::OrganisationId organisation_id(std::string_view text) {
    return contract::OrganisationId::parse(text).value();
}
inline contract::Pseudonym pseudonym(std::uint8_t fill) {
    std::array<std::uint8_t, 10> bytes{};
    bytes.fill(fill);
    return contract::Pseudonym::of_random(bytes);
}
template <class Id>
Id id(std::uint8_t fill) {
    std::array<std::uint8_t, 16> bytes{};
    bytes.fill(fill);
    return Id::of_random(bytes);
}
inline contract::Day day(std::string_view text) { return contract::parse_day(text).value(); }

inline Referral sample() {
    return {.pseudonym = pseudonym(1),
            .number = "A-1",
            .service = contract::Service::hous_rent,
            .priority = contract::Priority::urgent,
            .created = day("2026-11-20"),
            .consent = ConsentReference{"H-17", day("2027-01-01")},
            .basis = contract::LegalBasis::written_consent_explained,
            .authority = Authority{Authority::Kind::settlement, 5000},
            .language = contract::Language::ar,
            .contact_prohibited = false,
            .worker = contract::OfficerId::parse("w-7"),
            .neutral_name = "דנה",
            .identity = Identity{"000000018", "נועה", "לוי", 1990, "0521111111"},
            .need = {"דירה קטנה", "עד הקיץ"},
            .line = {2}};
}

inline constexpr contract::WordSet<contract::SafetyFlag> kAllAsked =
    contract::WordSet<contract::SafetyFlag>::up_to(contract::SafetyFlag::address_confidential);

inline Desk desk() {
    return {contract::OfficerId::parse("desk").value(),
            contract::OfficerRole::social_worker,
            kAllAsked,
            "הלשכה",
            {{contract::Service::hous_rent, std::nullopt, organisation_id("housing")}}};
}

inline kit::AliasMaker aliases() { return kit::AliasMaker(statement::Secret(contract::Bytes(32, 7))); }

}  // namespace kesher::social_services::test
