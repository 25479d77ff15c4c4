#include "adapters/social_services/standing.h"

#include <array>
#include <deque>

namespace kesher::social_services {
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
    Step{E::fail, {S::accepted, S::scheduled, S::in_progress, S::on_hold}, false},
};

struct Way {
    Standing at;
    std::vector<E> events;
};

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

std::optional<std::vector<E>> steps_to(const Standing& from, S target) {
    Standing start = from;
    // Its file was written, so it was delivered, whether or not the hub's word on it came back.
    if (start.state == S::requested) start.state = S::delivered;
    if (target == shown(start) || target == S::delivered) return std::vector<E>{};
    if (start.frozen || contract::is_terminal(start.state)) return std::nullopt;

    std::deque<Way> ways{{start, {}}};
    while (!ways.empty()) {
        const Way way = std::move(ways.front());
        ways.pop_front();
        if (way.events.size() == kSteps.size()) continue;  // no way is longer without a circle
        for (const Step& step : kSteps) {
            if (!step.from.has(way.at.state) || (step.event == E::resume && !way.at.held_from)) continue;
            Way next{after(way.at, step.event), way.events};
            next.events.push_back(step.event);
            if (next.at.state == target) return std::move(next.events);
            if (step.may_be_synthesised) ways.push_back(std::move(next));
        }
    }
    return std::nullopt;
}

}  // namespace kesher::social_services
