// What the exchange hands to a department, and the files it drops, for the tests of what becomes of them.
#pragma once

#include <catch2/catch.hpp>

#include "tests/unit/social_services/department_table.h"

namespace kesher::social_services::test {

using namespace contract;

inline const std::string kName = "IHUB_5000_20261121_001.DAT";
inline const std::string kReply = "IHUB_5000_20261121_001.MSV";

inline std::string good_referral(const Changes& changes = {}) {
    Changes all{{"pseudonym", pseudonym(1).reveal()}};
    for (const auto& [name, value] : changes) all[name] = value;
    return referral(all);
}
inline std::string good_file(const Changes& changes = {}) {
    return framed({good_referral(changes), identity(), need(1)});
}

// A referral of housing's to this department, as the kit would hand it over.
struct Arrival {
    statement::Statement said;
    codec::Payload payload;
    std::optional<codec::Sealed> sealed{};
};
inline Arrival arrival(MessageType type, codec::Payload payload, std::uint8_t number) {
    const auto from =
        type == MessageType::consent_revoked ? OrganisationId::hub() : organisation_id("housing");
    Arrival made{{"hub.example/log", id<MessageId>(number), type, from, organisation_id("ssd-5000"),
                  SchemaFingerprint{}, Digest{}},
                 std::move(payload)};
    made.said.referral = id<ReferralId>(3);
    made.said.service = Service::flex;
    made.said.purpose = Purpose::referral;
    made.said.basis = LegalBasis::written_consent_explained;
    made.said.consent = id<ConsentId>(4);
    return made;
}
inline Arrival given_referral() {
    codec::ReferralSubmitted payload;
    payload.occurred_on = day("2026-11-20");
    Arrival made = arrival(MessageType::referral_submitted, payload, 20);
    made.sealed = codec::Sealed{};
    made.sealed->need = "סיוע בריהוט";
    for (const SafetyFlag flag : kAllAsked.words()) made.sealed->safety.set(flag, false);
    return made;
}
inline Arrival event(ReferralEvent what, std::uint8_t number) {
    codec::ReferralEventPayload payload;
    payload.event = what;
    payload.occurred_on = day("2026-11-21");
    if (what == ReferralEvent::decline) payload.reason = Reason::no_capacity;
    return arrival(MessageType::referral_event, payload, number);
}
inline kit::NativeAnswer deliver(Table& table, const Arrival& made) {
    return table.department().deliver(
        {made.said, made.payload, made.sealed, pseudonym(6), day("2026-11-21")});
}
inline Digest taken(const kit::NativeAnswer& answer) {
    REQUIRE(std::holds_alternative<kit::Taken>(answer));
    return std::get<kit::Taken>(answer).native;
}

// What the kit writes down before it hands the referral over.
inline void know(Table& table, const ReferralId& referral, const ConsentId& under) {
    table.journal().put_referral({referral, organisation_id("housing"), false, Service::flex,
                                  ReferralState::requested, 1, pseudonym(6)});
    kit::KnownConsent consent{under, organisation_id("housing"), organisation_id("ssd-5000")};
    consent.purposes = {Purpose::referral};
    consent.direction = Direction::both;
    table.journal().put_consent(consent);
}
inline void hand_over(Table& table) {
    know(table, id<ReferralId>(3), id<ConsentId>(4));
    taken(deliver(table, given_referral()));
}

// Under which the department finds what others gave it.
inline std::string number_for(const ReferralId& id) { return native_number(id, aliases()); }
inline std::string number_given() { return number_for(id<ReferralId>(3)); }

}  // namespace kesher::social_services::test
