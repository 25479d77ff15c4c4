// One consent of an invented case, to a hospital for treatment; each case changes one fact of it.
#pragma once

#include <string>

#include "gateway/consent/recording.h"

namespace kesher::consent::test {

using namespace contract;
using namespace std::chrono_literals;

inline const OrganisationId department = OrganisationId::parse("ssd-5000").value();
inline const OrganisationId health = OrganisationId::parse("health").value();
inline const OrganisationId housing = OrganisationId::parse("housing").value();
inline const OrganisationId provider = OrganisationId::parse("provider").value();
inline constexpr Day first_day{std::chrono::year{2026} / 3 / 1};
inline constexpr Day last_day{std::chrono::year{2026} / 5 / 30};
inline constexpr Instant noon = start_of(first_day) + 12h;

inline ConsentId consent_id(int number) {
    return ConsentId::parse("00000000-0000-4000-8000-00000000000" + std::to_string(number)).value();
}
inline ReferralId referral_id(int number) {
    return ReferralId::parse("00000000-0000-4000-9000-00000000000" + std::to_string(number)).value();
}

inline Digest digest_of(std::uint8_t byte) {
    Digest digest;
    digest.bytes.fill(byte);
    return digest;
}

inline Consent given(int number = 1) {
    return {.id = consent_id(number),
            .leaf = LeafIndex{static_cast<std::uint64_t>(number) * 10},
            .recorded_by = department,
            .discloser = department,
            .recipient = health,
            .purposes = {Purpose::treatment, Purpose::status_feedback},
            .groups = {DataGroup::contact, DataGroup::health},
            .services = {Service::hlt_ment, Service::hlt_phys},
            .direction = Direction::both,
            .valid_from = first_day,
            .valid_to = last_day,
            .state = ConsentState::active,
            .form = ConsentForm::written_ink,
            .form_digest = digest_of(7)};
}

inline Question question() {
    return {.named = consent_id(1),
            .discloser = department,
            .recipient = health,
            .purpose = Purpose::treatment,
            .groups = {DataGroup::health},
            .service = Service::hlt_ment,
            .revealing = {}};
}

}  // namespace kesher::consent::test
