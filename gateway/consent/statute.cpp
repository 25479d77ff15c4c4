#include "gateway/consent/statute.h"

namespace kesher::consent {

using contract::Code;
using contract::ConsentState;
using contract::Purpose;

namespace {

std::optional<Code> no_of(const Consent& answer) {
    if (answer.state == ConsentState::revoked) return Code::consent_revoked;
    // One answer for both: a conviction of harm is told to nobody.
    if (answer.harm_veto || answer.state == ConsentState::rejected) return Code::consent_missing;
    return std::nullopt;
}

}  // namespace

const Consent* her_answer(std::span<const Consent> consents, const contract::OrganisationId& discloser,
                          const contract::OrganisationId& recipient, Purpose purpose) {
    const Consent* decider = deciding_consent(consents, discloser, recipient, purpose);
    const bool only_asked =
        decider != nullptr && decider->state == ConsentState::proposed && !decider->harm_veto;
    return only_asked ? nullptr : decider;
}

std::optional<Code> her_no(std::span<const Consent> consents, const contract::OrganisationId& discloser,
                           const contract::OrganisationId& recipient, Purpose purpose) {
    if (const Consent* answer = her_answer(consents, discloser, recipient, purpose)) return no_of(*answer);
    std::optional<Code> no;
    for (std::size_t i = 0; i < contract::kPurposes.size(); ++i) {
        const Consent* answer = her_answer(consents, discloser, recipient, static_cast<Purpose>(i));
        const auto other = answer != nullptr ? no_of(*answer) : std::nullopt;
        // What she took back she is told of by that word; it is said whichever purpose comes first.
        if (other && (!no || *other == Code::consent_revoked)) no = other;
    }
    return no;
}

contract::Result<contract::Done, Code> evaluate_by_statute(const Question& question,
                                                           std::span<const Consent> consents) {
    if (const auto no = her_no(consents, question.discloser, question.recipient, question.purpose)) {
        return contract::Failure{*no};
    }
    return may_reveal_without_consent(question.revealing);
}

}  // namespace kesher::consent
