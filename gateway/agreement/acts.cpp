// The life of an agreement: proposed, approved four times, ended.
#include <algorithm>

#include "gateway/agreement/agreement.h"

namespace kesher::agreement {
namespace {

using contract::Code;
using contract::Failure;
using contract::OfficerRole;
using contract::OrganisationId;
using contract::OrganisationStatus;
using Outcome = contract::Result<Agreement, Code>;

// Legal adviser and security officer of both bodies (reg. 7(d)).
constexpr std::size_t kApprovals = 4;
constexpr WordSet<OfficerRole> kApprovers{OfficerRole::legal_adviser, OfficerRole::security_officer};
// A manager may put a proposal on the table: it opens nothing by itself.
constexpr WordSet<OfficerRole> kProposers{OfficerRole::legal_adviser, OfficerRole::security_officer,
                                          OfficerRole::manager};

bool is_party(const Terms& terms, const OrganisationId& organisation) {
    return terms.pair[0] == organisation || terms.pair[1] == organisation;
}

bool can_hold(const Terms& terms) {
    if (!(terms.pair[0] < terms.pair[1])) return false;  // one body twice, or not in order
    if (is_party(terms, OrganisationId::hub())) return false;
    if (terms.types.empty() || terms.purposes.empty()) return false;
    return !terms.to || *terms.to >= terms.from;
}

Outcome propose(const std::optional<Agreement>& current, const Act& act) {
    if (!can_hold(act.terms) || !is_party(act.terms, act.by)) return Failure{Code::statement_invalid};
    if (!kProposers.has(act.role)) return Failure{Code::actor_not_allowed};
    if (current) return Failure{Code::id_reused};
    return Agreement{act.id, act.terms, act.proposal};
}

// Two people in each body: one person in both roles would be one pair of eyes.
bool gave_the_other_approval(const Agreement& agreement, const Act& act) {
    return std::ranges::any_of(agreement.approvals, [&](const Approval& approval) {
        return approval.organisation == act.by && approval.approver == act.approver &&
               approval.role != act.role;
    });
}

bool role_has_approved(const Agreement& agreement, const Act& act) {
    return std::ranges::any_of(agreement.approvals, [&](const Approval& approval) {
        return approval.organisation == act.by && approval.role == act.role;
    });
}

Outcome approve(Agreement agreement, const Act& act) {
    if (act.proposal != agreement.proposal || act.terms != agreement.terms) {
        return Failure{Code::digest_mismatch};
    }
    if (!kApprovers.has(act.role)) return Failure{Code::actor_not_allowed};
    if (agreement.state != State::proposed || role_has_approved(agreement, act)) {
        return Failure{Code::event_not_allowed};
    }
    if (gave_the_other_approval(agreement, act)) return Failure{Code::actor_not_allowed};
    agreement.approvals.push_back({act.by, act.role, act.approver});
    if (agreement.approvals.size() == kApprovals) agreement.state = State::active;
    return agreement;
}

// Either body alone, by one officer: stopping is never harder than going on.
Outcome end(Agreement agreement, const Act& act, contract::Instant at) {
    if (!kApprovers.has(act.role)) return Failure{Code::actor_not_allowed};
    if (agreement.state == State::ended) return Failure{Code::event_not_allowed};
    agreement.state = State::ended;
    agreement.ended_at = at;
    return agreement;
}

}  // namespace

Outcome decide_act(const std::optional<Agreement>& current, const Act& act, contract::Instant at) {
    if (act.by_status != OrganisationStatus::active) return Failure{Code::organisation_suspended};
    if (act.kind == ActKind::propose) return propose(current, act);
    if (!current || !is_party(current->terms, act.by)) return Failure{Code::not_found};
    if (act.kind == ActKind::approve) return approve(*current, act);
    return end(*current, act, at);
}

}  // namespace kesher::agreement
