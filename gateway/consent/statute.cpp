#include "gateway/consent/statute.h"

namespace kesher::consent {

using contract::Code;
using contract::ConsentState;

std::optional<Code> her_no(std::span<const Consent> consents, const contract::OrganisationId& discloser,
                           const contract::OrganisationId& recipient, contract::Purpose purpose) {
    const Consent* decider = deciding_consent(consents, discloser, recipient, purpose);
    if (decider == nullptr) return std::nullopt;
    if (decider->state == ConsentState::revoked) return Code::consent_revoked;
    // One answer for both: a conviction of harm is told to nobody.
    if (decider->harm_veto || decider->state == ConsentState::rejected) return Code::consent_missing;
    return std::nullopt;
}

contract::Result<contract::Done, Code> evaluate_by_statute(const Question& question,
                                                           std::span<const Consent> consents) {
    if (const auto no = her_no(consents, question.discloser, question.recipient, question.purpose)) {
        return contract::Failure{*no};
    }
    return may_reveal_without_consent(question.revealing);
}

}  // namespace kesher::consent
