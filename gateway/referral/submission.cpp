#include "gateway/referral/submission.h"

#include "gateway/referral/transitions.h"

namespace kesher::referral {
namespace {

using contract::Code;
using contract::DataGroup;
using contract::Failure;
using contract::KnownBy;
using contract::OrganisationKind;
using contract::OrganisationStatus;
using contract::Purpose;
using E = contract::ReferralEvent;
using S = contract::ReferralState;
using Refusal = std::optional<Code>;

constexpr WordSet<Purpose> kReferralPurposes{Purpose::referral, Purpose::benefit_claim, Purpose::treatment,
                                             Purpose::rights_check, Purpose::rehearsal};
// An anonymous referral carries at most a district, and what tells nothing about a known person.
constexpr WordSet<DataGroup> kAnonymousGroups{DataGroup::locality, DataGroup::programme_fact};

Refusal judge_sender(const SubmitFacts& facts, contract::Instant at) {
    if (facts.from_status != OrganisationStatus::active) return Code::organisation_suspended;
    const Deed deed = facts.anonymous_case ? Deed::submit_anonymous : Deed::submit;
    if (!actor_may(facts.actor, deed, at)) return Code::actor_not_allowed;
    return std::nullopt;
}

Refusal judge_recipient(const SubmitFacts& facts) {
    const auto& recipient = facts.recipient;
    if (!recipient || recipient->status == OrganisationStatus::left || facts.to == facts.from) {
        return Code::recipient_unknown;
    }
    // `echo` answers rehearsals and nobody else does; who runs or audits the hub cares for nobody.
    const bool is_echo = facts.to.text() == "echo";
    if (is_echo != is_rehearsal(facts.terms)) return Code::recipient_unknown;
    const bool cares =
        recipient->kind != OrganisationKind::operator_ && recipient->kind != OrganisationKind::auditor;
    if (!is_echo && !cares) return Code::recipient_unknown;
    if (recipient->status != OrganisationStatus::active) return Code::organisation_suspended;
    return std::nullopt;
}

// What has moved on or ended meanwhile is not sealed anew: nothing of it leaves again.
bool awaits_reseal(const Referral& referral) {
    return referral.awaiting_reseal && referral.state == S::requested;
}

// An id belongs to the pair that first used it (contract.md 1).
Refusal judge_id(const SubmitFacts& facts, E event) {
    const auto& existing = facts.existing;
    if (!existing) return std::nullopt;
    if (existing->referrer != facts.from || existing->recipient != facts.to) return Code::id_reused;
    if (event == E::submit && awaits_reseal(*existing) && !existing->frozen) return std::nullopt;
    const bool possible = find_transition(existing->state, event, By::ref) != nullptr;
    return possible && !existing->frozen ? std::nullopt : Refusal{Code::event_not_allowed};
}

Refusal judge_service(const SubmitFacts& facts) {
    if (!facts.recipient->offers_service) return Code::service_not_allowed;
    if (!facts.anonymous_case) return std::nullopt;
    if (!contract::may_be_anonymous(facts.terms.service)) return Code::service_not_allowed;
    const bool one_too_many = facts.other_referrals > 0 && !facts.she_asked_for_more;
    return one_too_many ? Refusal{Code::service_not_allowed} : std::nullopt;
}

Refusal judge_all_but_content(const SubmitFacts& facts, E event, contract::Instant at) {
    if (const auto code = judge_sender(facts, at)) return code;
    if (const auto code = judge_recipient(facts)) return code;
    if (!kReferralPurposes.has(facts.terms.purpose)) return Code::statement_invalid;
    if (const auto code = judge_id(facts, event)) return code;
    return judge_service(facts);
}

Refusal judge_identity(const Terms& terms) {
    if (terms.known_by < contract::least_known_by(terms.service)) return Code::identity_required;
    if (terms.known_by == KnownBy::contact && !terms.groups.has(DataGroup::contact)) {
        return Code::identity_required;
    }
    if (terms.known_by == KnownBy::identified && !terms.groups.has(DataGroup::identity)) {
        return Code::identity_required;
    }
    return std::nullopt;
}

// No code for the three is worse than another, but the law comes before the paper.
Refusal judge_consent(const SubmitFacts& facts) {
    if (is_rehearsal(facts.terms)) return std::nullopt;
    if (facts.basis) return facts.basis;
    if (facts.anonymous_case && !kAnonymousGroups.includes(facts.terms.groups)) return Code::consent_groups;
    return facts.consent;
}

Referral next_of(const SubmitFacts& facts, S state, contract::Instant at) {
    Referral referral = facts.existing.value_or(Referral{.id = facts.id,
                                                         .referrer = facts.from,
                                                         .recipient = facts.to,
                                                         .terms = facts.terms,
                                                         .state = state,
                                                         .since = at});
    referral.terms = facts.terms;
    // Sealed anew is the same event again: neither its time nor its version starts afresh.
    if (awaits_reseal(referral)) {
        referral.awaiting_reseal = false;
        return referral;
    }
    referral.state = state;
    referral.since = at;
    ++referral.version;
    return referral;
}

}  // namespace

contract::Result<Referral, Code> decide_submit(const SubmitFacts& facts, contract::Instant at) {
    if (const auto code = judge_all_but_content(facts, E::submit, at)) return Failure{*code};
    if (facts.agreement) return Failure{*facts.agreement};
    if (const auto code = judge_identity(facts.terms)) return Failure{*code};
    if (const auto code = judge_consent(facts)) return Failure{*code};
    return next_of(facts, S::requested, at);
}

contract::Result<Referral, Code> decide_draft(const SubmitFacts& facts, contract::Instant at) {
    if (const auto code = judge_all_but_content(facts, E::draft, at)) return Failure{*code};
    return next_of(facts, S::draft, at);
}

}  // namespace kesher::referral
