#include "gateway/consent/consent.h"

#include <algorithm>

namespace kesher::consent {
namespace {

using contract::Code;
using contract::ConsentId;
using contract::ConsentState;
using contract::DataGroup;
using contract::Direction;
using contract::Failure;
using contract::Purpose;

// Why this consent, by itself, carries nothing at this instant; none if it does.
std::optional<Code> against(const Consent& consent, contract::Instant at) {
    if (consent.state == ConsentState::revoked) return Code::consent_revoked;
    if (consent.harm_veto) return Code::consent_missing;  // not valid in law, and no hint of why
    if (consent.state == ConsentState::expired) return Code::consent_lapsed;
    if (consent.state != ConsentState::active) return Code::consent_missing;
    const bool within_dates = at >= contract::start_of(consent.valid_from) && at < ends_at(consent);
    if (!within_dates) return Code::consent_lapsed;
    return std::nullopt;
}

bool grants(const Consent& consent, contract::Service service, WordSet<DataGroup> groups) {
    return consent.services.has(service) && consent.groups.includes(groups);
}

bool would_reveal(const Revealing& revealing) {
    return (revealing.sender_reveals || revealing.service_reveals) && !revealing.recipient_in_programme;
}

bool is_between(std::span<const Consent> consents, ConsentId id, const contract::OrganisationId& discloser,
                const contract::OrganisationId& recipient) {
    return std::ranges::any_of(consents, [&](const Consent& consent) {
        return consent.id == id && consent.discloser == discloser && consent.recipient == recipient;
    });
}

}  // namespace

contract::Instant ends_at(const Consent& consent) {
    return contract::start_of(consent.valid_to + std::chrono::days{1});
}

const Consent* deciding_consent(std::span<const Consent> consents, const contract::OrganisationId& discloser,
                                const contract::OrganisationId& recipient, Purpose purpose) {
    const Consent* decider = nullptr;
    for (const Consent& consent : consents) {
        if (consent.discloser != discloser || consent.recipient != recipient) continue;
        if (!consent.purposes.has(purpose)) continue;
        if (decider == nullptr || consent.leaf > decider->leaf) decider = &consent;
    }
    return decider;
}

contract::Result<ConsentId, Code> evaluate(const Question& question, std::span<const Consent> consents,
                                           contract::Instant at) {
    const Consent* decider =
        deciding_consent(consents, question.discloser, question.recipient, question.purpose);
    if (decider == nullptr) return Failure{Code::consent_missing};
    if (question.named && *question.named != decider->id) return Failure{Code::consent_missing};
    if (const auto code = against(*decider, at)) return Failure{*code};

    const bool goes_out = decider->direction != Direction::back;
    if (!goes_out || !grants(*decider, question.service, question.groups)) {
        return Failure{Code::consent_groups};
    }
    if (would_reveal(question.revealing) && !decider->groups.has(DataGroup::programme_fact)) {
        return Failure{Code::consent_groups};
    }
    return decider->id;
}

contract::Result<contract::Done, Code> may_reveal_without_consent(const Revealing& revealing) {
    if (would_reveal(revealing)) return Failure{Code::consent_groups};
    return contract::Done{};
}

contract::Result<Carriage, Code> evaluate_update(const UpdateQuestion& question,
                                                 std::span<const Consent> consents, contract::Instant at) {
    const Consent* decider =
        deciding_consent(consents, question.discloser, question.recipient, question.purpose);
    if (decider == nullptr) return Failure{Code::consent_missing};
    if (question.named && !is_between(consents, *question.named, question.discloser, question.recipient)) {
        return Failure{Code::consent_missing};
    }
    if (const auto code = against(*decider, at)) return Failure{*code};

    const Consent* feedback =
        deciding_consent(consents, question.discloser, question.recipient, Purpose::status_feedback);
    const bool goes_back =
        feedback != nullptr && !against(*feedback, at) && feedback->direction != Direction::out;
    if (goes_back && grants(*feedback, question.service, question.groups)) return Carriage::carried;
    // Data beyond her word is not even kept waiting; a bare change of state is.
    if (!question.groups.empty()) return Failure{Code::consent_groups};
    return Carriage::status_only;
}

}  // namespace kesher::consent
