#include "gateway/referral/transitions.h"

#include <algorithm>
#include <array>

namespace kesher::referral {
namespace {

using E = contract::ReferralEvent;
using S = contract::ReferralState;
using R = contract::Reason;
using States = WordSet<S>;

constexpr By REF = By::ref;
constexpr By REC = By::rec;
constexpr By SUB = By::sub;
constexpr By HUB = By::hub;
constexpr By PO = By::po;

constexpr States kOpen = States::up_to(S::on_hold);  // any non-terminal
constexpr States kAny = States::up_to(S::erroneous);
constexpr States kDeclinable{S::delivered, S::accepted, S::waitlisted, S::scheduled, S::on_hold};
constexpr States kHoldable{S::accepted, S::scheduled, S::in_progress};

constexpr From of(States states) { return {states}; }
constexpr From nothing_or(States states) { return {states, true}; }
constexpr Goal to(S state) { return {Target::state, state}; }
constexpr Goal kHeld{Target::held};
constexpr Goal kRemembered{Target::remembered};
constexpr Goal kUnchanged{Target::unchanged};

// 3.1: who decided matters. The hub's two reasons are for its own notices, not for a body to give.
constexpr Data kNone{};
constexpr Data kAnyReason{ReasonRule::ignored};  // never a ground to refuse her
constexpr WordSet<R> kDeclineReasons{R::no_capacity,      R::not_eligible,       R::out_of_area,
                                     R::missing_info,     R::no_such_service,    R::unsafe_for_staff,
                                     R::subject_declined, R::subject_unreachable};
constexpr Data kDecline{ReasonRule::required, kDeclineReasons};
constexpr Data kRedirect{ReasonRule::optional, kDeclineReasons};
constexpr Data kHold{ReasonRule::required,
                     {R::docs_missing, R::waiting_for_subject, R::waiting_for_provider}};
constexpr Data kFail{ReasonRule::required, {R::service_ended, R::contact_lost}};
constexpr Data kCancel{ReasonRule::required, {R::no_longer_needed, R::entered_twice}};
constexpr Data kError{ReasonRule::required, {R::wrong_case, R::wrong_content}};
constexpr Data kOutcome{.outcome = true};

// clang-format off
constexpr std::array kTransitions{
    Transition{E::draft,         nothing_or({}),                                     to(S::draft),            {REF, SUB}, kNone},
    Transition{E::ask_consent,   of({S::draft}),                                     to(S::awaiting_consent), {REF},      kNone},
    Transition{E::submit,        nothing_or({S::draft, S::awaiting_consent}),        to(S::requested),        {REF, SUB}, kNone},
    Transition{E::deliver,       of({S::requested}),                                 to(S::delivered),        {HUB},      kNone},
    Transition{E::accept,        of({S::delivered, S::waitlisted}),                  to(S::accepted),         {REC},      kNone},
    Transition{E::waitlist,      of({S::delivered, S::accepted}),                    to(S::waitlisted),       {REC},      kNone},
    Transition{E::decline,       of(kDeclinable),                                    to(S::declined),         {REC},      kDecline},
    Transition{E::redirect,      of(kDeclinable),                                    to(S::declined),         {REC},      kRedirect},
    Transition{E::schedule,      of({S::accepted, S::in_progress, S::on_hold}),      to(S::scheduled),        {REC, SUB}, kNone},
    Transition{E::start,         of({S::accepted, S::scheduled, S::waitlisted}),     to(S::in_progress),      {REC},      kNone},
    Transition{E::no_show,       of({S::scheduled}),                                 to(S::accepted),         {REC},      kNone},
    Transition{E::hold,          of(kHoldable),                                      kHeld,                   {REC, SUB}, kHold},
    Transition{E::resume,        of({S::on_hold}),                                   kRemembered,             {REC, SUB}, kNone},
    Transition{E::complete,      of({S::in_progress, S::scheduled}),                 to(S::completed),        {REC},      kOutcome},
    Transition{E::fail,          of(kHoldable.with({S::on_hold})),                   to(S::failed),           {REC},      kFail},
    Transition{E::withdraw,      of(kOpen),                                          to(S::withdrawn),        {SUB, HUB}, kAnyReason},
    Transition{E::cancel,        of(kOpen),                                          to(S::cancelled),        {REF},      kCancel},
    Transition{E::expire,        of({S::draft, S::awaiting_consent, S::requested, S::delivered, S::waitlisted}),
                                                                                     to(S::expired),          {HUB},      kNone},
    Transition{E::undeliverable, of({S::requested}),                                 to(S::failed),           {HUB},      kNone},
    Transition{E::freeze,        of(kOpen),                                          kUnchanged,              {PO},       kNone},
    Transition{E::unfreeze,      of(kOpen),                                          kUnchanged,              {PO},       kNone},
    Transition{E::mark_error,    of(kAny.without({S::erroneous})),                   to(S::erroneous),        {REF},      kError},
    Transition{E::mark_error,    of({S::erroneous}),                                 kUnchanged,              {PO},       kNone},
};
// clang-format on

const Transition* pointer_if_found(std::array<Transition, kTransitions.size()>::const_iterator row) {
    return row == kTransitions.end() ? nullptr : &*row;
}

}  // namespace

std::span<const Transition> transitions() { return kTransitions; }

const Transition* find_transition(std::optional<S> state, E event, By by) {
    return pointer_if_found(std::ranges::find_if(kTransitions, [&](const Transition& row) {
        const bool starts_here = state ? row.from.states.has(*state) : row.from.nothing;
        return row.event == event && starts_here && row.who.has(by);
    }));
}

const Transition* find_transition(E event, By by) {
    return pointer_if_found(std::ranges::find_if(
        kTransitions, [&](const Transition& row) { return row.event == event && row.who.has(by); }));
}

bool always_passes(E event) { return event == E::withdraw || event == E::cancel || event == E::mark_error; }

}  // namespace kesher::referral
