#include "adapters/record/standing.h"

#include <algorithm>
#include <array>

namespace kesher::record {
namespace {

using E = contract::ReferralEvent;
using S = contract::ReferralState;
using States = contract::WordSet<S>;

struct Step {
    E event;
    States from;
    bool may_be_synthesised;  // says nothing that the file would have had to say: no slot, no reason
};

// The receiving body's rows of domain.md 3, short ways first. `resume` leads to what was before.
constexpr std::array kSteps{
    Step{E::accept, {S::delivered, S::waitlisted}, true},
    Step{E::start, {S::accepted, S::scheduled, S::waitlisted}, true},
    Step{E::resume, {S::on_hold}, true},
    Step{E::waitlist, {S::delivered, S::accepted}, false},
    Step{E::schedule, {S::accepted, S::in_progress, S::on_hold}, false},
    Step{E::no_show, {S::scheduled}, false},
    Step{E::hold, {S::accepted, S::scheduled, S::in_progress}, false},
    Step{E::complete, {S::in_progress, S::scheduled}, false},
    Step{E::decline, {S::delivered, S::accepted, S::waitlisted, S::scheduled, S::on_hold}, false},
    Step{E::redirect, {S::delivered, S::accepted, S::waitlisted, S::scheduled, S::on_hold}, false},
    Step{E::fail, {S::accepted, S::scheduled, S::in_progress, S::on_hold}, false},
};

// No way is longer: filled in are accept, start and resume, each once.
constexpr int kLongest = 3;

Standing delivered_at_least(Standing standing) {
    // Its native record was written, so it was delivered, whether or not the hub's word on it came back.
    if (standing.state == S::requested) standing.state = S::delivered;
    return standing;
}

std::optional<std::vector<E>> way(const Standing& from, E last, int left) {
    if (may(from, last)) return std::vector{last};
    if (left == 0) return std::nullopt;
    std::optional<std::vector<E>> shortest;
    for (const Step& step : kSteps) {
        if (!step.may_be_synthesised || !may(from, step.event)) continue;
        auto rest = way(after(from, step.event), last, left - 1);
        if (!rest || (shortest && rest->size() + 1 >= shortest->size())) continue;
        rest->insert(rest->begin(), step.event);
        shortest = std::move(rest);
    }
    return shortest;
}

}  // namespace

S shown(const Standing& standing) {
    return standing.frozen && !contract::is_terminal(standing.state) ? S::on_hold : standing.state;
}

Standing after(const Standing& before, E event) {
    const auto at = [](S state) { return Standing{state, std::nullopt, false}; };
    switch (event) {
        case E::draft:
            return at(S::draft);
        case E::ask_consent:
            return at(S::awaiting_consent);
        case E::submit:
            return at(S::requested);
        case E::deliver:
            return at(S::delivered);
        case E::accept:
        case E::no_show:
            return at(S::accepted);
        case E::waitlist:
            return at(S::waitlisted);
        case E::decline:
        case E::redirect:
            return at(S::declined);
        case E::schedule:
            return at(S::scheduled);
        case E::start:
            return at(S::in_progress);
        case E::hold:
            return {S::on_hold, before.state == S::on_hold ? before.held_from : before.state, before.frozen};
        case E::resume:
            return {before.held_from.value_or(before.state), std::nullopt, before.frozen};
        case E::complete:
            return at(S::completed);
        case E::fail:
        case E::undeliverable:
            return at(S::failed);
        case E::withdraw:
            return at(S::withdrawn);
        case E::cancel:
            return at(S::cancelled);
        case E::expire:
            return at(S::expired);
        case E::freeze:
            return {before.state, before.held_from, true};
        case E::unfreeze:
            return {before.state, before.held_from, false};
        case E::mark_error:
            return at(S::erroneous);
    }
    return before;
}

bool may(const Standing& standing, E event) {
    const Standing at = delivered_at_least(standing);
    if (at.frozen || (event == E::resume && !at.held_from)) return false;
    return std::any_of(kSteps.begin(), kSteps.end(),
                       [&](const Step& step) { return step.event == event && step.from.has(at.state); });
}

std::optional<std::vector<E>> way_to(const Standing& from, E last) {
    return way(delivered_at_least(from), last, kLongest);
}

std::optional<std::vector<E>> steps_to(const Standing& from, S target) {
    const Standing start = delivered_at_least(from);
    if (target == shown(start) || target == S::delivered) return std::vector<E>{};
    std::optional<std::vector<E>> shortest;
    for (const Step& step : kSteps) {
        auto found = way_to(start, step.event);
        if (!found || (shortest && found->size() >= shortest->size())) continue;
        Standing reached = start;
        for (const E event : *found) reached = after(reached, event);
        if (reached.state == target) shortest = std::move(found);
    }
    return shortest;
}

contract::WordSet<contract::Reason> reasons_of(S state) {
    using contract::Reason;
    switch (state) {
        case S::declined:
            return contract::WordSet<Reason>::up_to(Reason::subject_unreachable);
        case S::on_hold:
            return {Reason::docs_missing, Reason::waiting_for_subject, Reason::waiting_for_provider};
        case S::failed:
            return {Reason::service_ended, Reason::contact_lost};
        default:
            return {};
    }
}

}  // namespace kesher::record
