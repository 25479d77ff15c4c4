#include "adapters/record/referral.h"

namespace kesher::record {

using contract::DataGroup;
using contract::KnownBy;

std::optional<Referral> referral_of(const statement::Statement& said, const codec::ReferralSubmitted& payload,
                                    codec::Sealed sealed, const contract::Pseudonym& pseudonym,
                                    std::string jws) {
    if (said.type != contract::MessageType::referral_submitted) return std::nullopt;
    if (!said.referral || !said.service || !said.purpose || !said.basis || !said.groups) return std::nullopt;
    return Referral{.message = said.id,
                    .referral = *said.referral,
                    .from = said.from,
                    .to = said.to,
                    .pseudonym = pseudonym,
                    .service = *said.service,
                    .purpose = *said.purpose,
                    .basis = *said.basis,
                    .groups = *said.groups,
                    .consent = said.consent,
                    .priority = payload.priority,
                    .language = payload.language,
                    .occurred_on = payload.occurred_on,
                    .sealed = std::move(sealed),
                    .statement = std::move(jws)};
}

bool shows_identity(const codec::Sealed& sealed) {
    return sealed.known_by == KnownBy::identified && sealed.identity.has_value();
}

bool shows_phone(const codec::Sealed& sealed) {
    const bool silence = sealed.safety.contact_prohibited || sealed.safety.address_confidential;
    return !silence && sealed.known_by != KnownBy::presents && sealed.contact && sealed.contact->phone;
}

bool shows_group(const codec::Sealed& sealed, DataGroup group) {
    const bool silence = sealed.safety.contact_prohibited || sealed.safety.address_confidential;
    if (group == DataGroup::contact) return !silence && sealed.known_by != KnownBy::presents;
    if (group == DataGroup::locality) return !silence;
    return group != DataGroup::identity || sealed.known_by == KnownBy::identified;
}

}  // namespace kesher::record
