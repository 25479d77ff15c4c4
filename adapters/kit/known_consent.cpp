#include "adapters/kit/known_consent.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::Direction;

// Which way a disclosure of these two goes under the consent; none where it is about another pair.
std::optional<Direction> way_of(const KnownConsent& consent, const Disclosure& disclosure) {
    if (disclosure.from == consent.discloser && disclosure.to == consent.recipient) return Direction::out;
    if (disclosure.from == consent.recipient && disclosure.to == consent.discloser) return Direction::back;
    return std::nullopt;
}

}  // namespace

KnownConsent known_from(const contract::ConsentId& id, const codec::ConsentGiven& given) {
    KnownConsent known{id, given.discloser, given.recipient};
    for (const auto purpose : given.purposes) known.purposes.add(purpose);
    for (const auto group : given.groups) known.groups.add(group);
    known.direction = given.direction;
    known.valid_from = given.valid_from;
    known.valid_to = given.valid_to;
    known.active = given.state == codec::GivenState::active && !given.harm_veto;
    return known;
}

std::optional<KnownConsent> known_from(const statement::Statement& delivered) {
    if (!delivered.consent || delivered.type != contract::MessageType::referral_submitted)
        return std::nullopt;
    KnownConsent known{*delivered.consent, delivered.from, delivered.to};
    if (delivered.purpose) known.purposes.add(*delivered.purpose);
    known.purposes.add(contract::Purpose::status_feedback);  // whether it is granted, the hub knows
    for (const auto group : delivered.groups.value_or(std::vector<contract::DataGroup>{})) {
        known.groups.add(group);
    }
    known.direction = Direction::both;
    return known;
}

std::optional<Code> refusal_of(const KnownConsent& consent, const Disclosure& disclosure) {
    const auto way = way_of(consent, disclosure);
    if (!way || !consent.active) return Code::consent_missing;
    if (consent.revoked) return Code::consent_revoked;
    if (consent.valid_from && disclosure.on < *consent.valid_from) return Code::consent_lapsed;
    if (consent.valid_to && disclosure.on > *consent.valid_to) return Code::consent_lapsed;
    if (consent.direction != Direction::both && consent.direction != *way) return Code::consent_groups;
    if (!consent.purposes.has(disclosure.purpose)) return Code::consent_groups;
    for (const auto group : disclosure.groups) {
        if (!consent.groups.has(group)) return Code::consent_groups;
    }
    return std::nullopt;
}

}  // namespace kesher::kit
