// An agreement of two invented bodies, in force through 2026; each case changes one fact of it.
#pragma once

#include "gateway/agreement/agreement.h"

namespace kesher::agreement::test {

using namespace contract;
using namespace std::chrono_literals;

inline const OrganisationId nii = OrganisationId::parse("nii").value();
inline const OrganisationId department = OrganisationId::parse("ssd-5000").value();
inline const OrganisationId health = OrganisationId::parse("health").value();
inline const OrganisationId echo = OrganisationId::parse("echo").value();
inline const AgreementId agreement_one = AgreementId::parse("6f9619ff-8b86-4d11-b42d-00c04fc964ff").value();
inline const AgreementId agreement_two = AgreementId::parse("7f9619ff-8b86-4d11-b42d-00c04fc964ff").value();
inline constexpr Day first_day{std::chrono::year{2026} / 1 / 1};
inline constexpr Day last_day{std::chrono::year{2026} / 12 / 31};
inline constexpr Instant noon = start_of(first_day) + 12h;

inline Digest digest_of(std::uint8_t byte) {
    Digest digest;
    digest.bytes.fill(byte);
    return digest;
}

inline Terms terms() {
    return {.pair = {nii, department},
            .roots = {digest_of(1), digest_of(2)},
            .types = {MessageType::referral_submitted, MessageType::referral_event},
            .purposes = {Purpose::benefit_claim, Purpose::status_feedback},
            .groups = {DataGroup::identity, DataGroup::income},
            .from = first_day,
            .to = last_day};
}

inline Agreement active() {
    return {.id = agreement_one, .terms = terms(), .proposal = digest_of(9), .state = State::active};
}

inline Disclosure claim() {
    return {department, nii, MessageType::referral_submitted, Purpose::benefit_claim, {DataGroup::identity}};
}

inline OfficerId officer(std::string_view number) { return OfficerId::parse(number).value(); }

inline Act act(ActKind kind, const OrganisationId& by, OfficerRole role, std::string_view approver) {
    return {kind, agreement_one,     by,           OrganisationStatus::active,
            role, officer(approver), digest_of(9), terms()};
}

}  // namespace kesher::agreement::test
