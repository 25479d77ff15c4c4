#include "gateway/referral/life.h"

#include <algorithm>
#include <cassert>

#include "schemas/contract/limits.h"

namespace kesher::referral {
namespace {

using contract::Code;
using contract::Day;
using contract::Failure;
using contract::Instant;
using E = contract::ReferralEvent;
using S = contract::ReferralState;

constexpr WordSet<S> kBeforeSubmission{S::draft, S::awaiting_consent};
constexpr WordSet<S> kInCare{S::accepted, S::scheduled, S::in_progress};
// What is a fact about transport, or ends the referral, happens to a frozen one too.
constexpr WordSet<E> kThroughFreeze{E::withdraw, E::cancel,  E::mark_error,   E::unfreeze,
                                    E::expire,   E::deliver, E::undeliverable};
constexpr WordSet<E> kNeverStale{E::withdraw, E::cancel, E::freeze, E::mark_error};
constexpr WordSet<E> kWithoutSealedPart{E::ask_consent, E::cancel, E::mark_error};

bool speaks_for(const Referral& referral, By by, const std::optional<contract::OrganisationId>& caller) {
    switch (by) {
        case By::ref:
            return caller == referral.referrer;
        case By::rec:
            return caller == referral.recipient;
        case By::sub:
            return !caller || caller == referral.referrer;
        case By::hub:
        case By::po:
            return !caller;
    }
    return false;
}

bool flags_allow(const Referral& referral, E event, By by) {
    if (event == E::freeze) return !referral.frozen;
    if (event == E::unfreeze) return referral.frozen;
    if (event == E::mark_error && by == By::po) return !referral.error_confirmed;
    return !referral.frozen || kThroughFreeze.has(event);
}

// How the event goes through from here; `row` null: it does not.
struct Way {
    bool deliver_first = false;
    const Transition* row = nullptr;
};

// A recipient that answers has received, whether or not its receipt came first.
Way way_of(const Referral& referral, E event, By by) {
    if (!flags_allow(referral, event, by)) return {};
    if (const Transition* row = find_transition(referral.state, event, by)) return {false, row};
    const bool receipt_implied = by == By::rec && referral.state == S::requested && referral.released;
    return {receipt_implied, receipt_implied ? find_transition(S::delivered, event, by) : nullptr};
}

bool reason_holds(const Data& data, const std::optional<contract::Reason>& reason) {
    switch (data.reason_rule) {
        case ReasonRule::ignored:
            return true;
        case ReasonRule::none:
            return !reason;
        case ReasonRule::optional:
            return !reason || data.reasons.has(*reason);
        case ReasonRule::required:
            return reason && data.reasons.has(*reason);
    }
    return false;
}

bool data_holds(const Transition& row, const EventRequest& request, Instant at) {
    if (request.event == E::withdraw) return true;
    if (!reason_holds(row.data, request.reason)) return false;
    if (row.data.outcome != request.outcome.has_value()) return false;
    if (request.event == E::ask_consent && !request.notice_published) return false;
    if (request.has_sealed && kWithoutSealedPart.has(request.event)) return false;
    return !request.occurred_on ||
           *request.occurred_on <= contract::day_of(at) + contract::limits::kOccurredAhead;
}

bool version_differs(const Referral& referral, const EventRequest& request) {
    return request.event != E::withdraw && request.expected_version &&
           *request.expected_version != referral.version;
}

// The day of the last applied event of the side that speaks; null where no organisation does.
std::optional<Day>* last_day_of_side(Referral& referral, const EventRequest& request) {
    if (!request.caller) return nullptr;
    return request.by == By::rec ? &referral.recipient_last : &referral.referrer_last;
}

bool is_stale(Referral referral, const EventRequest& request) {
    const std::optional<Day>* last = last_day_of_side(referral, request);
    return last != nullptr && *last && request.occurred_on && *request.occurred_on < **last &&
           !kNeverStale.has(request.event);
}

void remember_day(Referral& referral, const EventRequest& request) {
    std::optional<Day>* last = last_day_of_side(referral, request);
    if (last == nullptr || !request.occurred_on) return;
    *last = *last ? std::max(**last, *request.occurred_on) : *request.occurred_on;
}

// Consent and agreement bind what the parties tell each other once it is submitted.
std::optional<Code> refused_by_verdict(const Referral& referral, const EventRequest& request,
                                       const Verdicts& verdicts) {
    const bool of_a_party = request.by == By::ref || request.by == By::rec || request.by == By::sub;
    if (!of_a_party || always_passes(request.event) || kBeforeSubmission.has(referral.state)) {
        return std::nullopt;
    }
    if (verdicts.agreement || is_rehearsal(referral.terms)) return verdicts.agreement;
    return verdicts.consent;
}

S leave_hold(Referral& referral) {
    assert(referral.held_from);  // set by `hold` alone, and ON_HOLD is reached by `hold` alone
    return *referral.held_from;
}

void change_state(Referral& referral, const Transition& row) {
    switch (row.to.target) {
        case Target::held:
            referral.held_from = referral.state;
            referral.state = S::on_hold;
            return;
        case Target::remembered:
            referral.state = leave_hold(referral);
            break;
        case Target::state:
            referral.state = row.to.state;
            break;
        case Target::unchanged:
            if (row.event == E::mark_error) referral.error_confirmed = true;
            if (row.event != E::mark_error) referral.frozen = row.event == E::freeze;
            return;
    }
    referral.held_from.reset();
}

Told told_referrer(const EventRequest& request) {
    if (request.by == By::rec) return Told::as_sent;
    return request.caller ? Told::nothing : Told::hub_notice;
}

// A recipient that never got anything learns nothing, not even that there was something.
Told told_recipient(const Referral& referral, const EventRequest& request) {
    const bool about_transport = request.event == E::deliver || request.event == E::undeliverable;
    if (!referral.released || request.by == By::rec || about_transport) return Told::nothing;
    // A withdrawal is taken even with a sealed part that should not be there, but the part stays.
    const bool sealed_withdrawal = request.event == E::withdraw && request.has_sealed;
    return request.caller && !sealed_withdrawal ? Told::as_sent : Told::hub_notice;
}

void take_step(Applied& applied, const Transition& row, const EventRequest& request, Instant at) {
    Referral& referral = applied.referral;
    Step step{request.event,
              request.by,
              shown_state(referral),
              shown_state(referral),
              request.synthesized,
              told_referrer(request),
              told_recipient(referral, request)};
    const S before = referral.state;
    change_state(referral, row);
    if (referral.state != before || row.event == E::unfreeze) referral.since = at;
    if (row.event == E::deliver) referral.released = true;
    if (kInCare.has(referral.state)) referral.accepted_once = true;
    if (referral.state != S::requested) referral.awaiting_reseal = false;
    if (contract::is_terminal(referral.state)) referral.frozen = false;
    ++referral.version;
    remember_day(referral, request);
    step.to = shown_state(referral);
    applied.steps.push_back(step);
}

}  // namespace

contract::Result<Applied, Code> apply(const Referral& referral, const EventRequest& request,
                                      const Verdicts& verdicts, Instant at) {
    const Transition* any = find_transition(request.event, request.by);
    // These two make a referral; decide_draft and decide_submit judge them.
    const bool makes_it = request.event == E::draft || request.event == E::submit;
    if (any == nullptr || makes_it || !speaks_for(referral, request.by, request.caller)) {
        return Failure{Code::event_not_allowed};
    }
    if (!data_holds(*any, request, at)) return Failure{Code::payload_invalid};
    if (version_differs(referral, request)) return Failure{Code::version_conflict};
    Applied applied{.referral = referral};
    if (is_stale(referral, request)) {
        applied.ignored_stale = true;
        return applied;
    }
    const Way way = way_of(referral, request.event, request.by);
    if (way.row == nullptr) return Failure{Code::event_not_allowed};
    if (const auto code = refused_by_verdict(referral, request, verdicts)) return Failure{*code};

    if (way.deliver_first) {
        const EventRequest deliver{.event = E::deliver, .by = By::hub, .caller = std::nullopt};
        take_step(applied, *find_transition(S::requested, E::deliver, By::hub), deliver, at);
    }
    take_step(applied, *way.row, request, at);
    applied.content_wiped = request.event == E::mark_error && request.by == By::ref;
    return applied;
}

WordSet<E> events_allowed(const Referral& referral, By by, bool consent_ended) {
    const bool only_endings =
        consent_ended && !is_rehearsal(referral.terms) && !kBeforeSubmission.has(referral.state);
    WordSet<E> allowed;
    for (const Transition& row : transitions()) {
        if (only_endings && !always_passes(row.event)) continue;
        if (way_of(referral, row.event, by).row != nullptr) allowed.add(row.event);
    }
    return allowed;
}

WordSet<E> events_allowed(const Referral& referral, const contract::OrganisationId& caller,
                          bool consent_ended) {
    WordSet<E> allowed;
    for (const bool subject_acts : {false, true}) {
        const auto by = party(referral, caller, subject_acts);
        if (by) allowed = allowed.with(events_allowed(referral, *by, consent_ended));
    }
    return allowed;
}

}  // namespace kesher::referral
