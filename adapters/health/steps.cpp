#include "adapters/health/steps.h"

#include <array>
#include <initializer_list>

namespace kesher::health {
namespace {

using contract::ReferralEvent;
using contract::ReferralState;
using S = ReferralState;

struct Rule {
    ReferralEvent event;
    contract::WordSet<ReferralState> from;
    ReferralState to;  // `resume` leads back instead
};
constexpr std::array kRules{
    Rule{ReferralEvent::accept, {S::delivered, S::waitlisted}, S::accepted},
    Rule{ReferralEvent::waitlist, {S::delivered, S::accepted}, S::waitlisted},
    Rule{ReferralEvent::decline,
         {S::delivered, S::accepted, S::waitlisted, S::scheduled, S::on_hold},
         S::declined},
    Rule{ReferralEvent::redirect,
         {S::delivered, S::accepted, S::waitlisted, S::scheduled, S::on_hold},
         S::declined},
    Rule{ReferralEvent::schedule, {S::accepted, S::in_progress, S::on_hold}, S::scheduled},
    Rule{ReferralEvent::start, {S::accepted, S::scheduled, S::waitlisted}, S::in_progress},
    Rule{ReferralEvent::no_show, {S::scheduled}, S::accepted},
    Rule{ReferralEvent::hold, {S::accepted, S::scheduled, S::in_progress}, S::on_hold},
    Rule{ReferralEvent::resume, {S::on_hold}, S::on_hold},
    Rule{ReferralEvent::complete, {S::in_progress, S::scheduled}, S::completed},
    Rule{ReferralEvent::fail, {S::accepted, S::scheduled, S::in_progress, S::on_hold}, S::failed},
};

// An event of the receiver while REQUESTED first applies `deliver`.
Standing delivered_at_least(Standing standing) {
    if (standing.state == S::requested) standing.state = S::delivered;
    return standing;
}

// The event by which each state is told, once it is the far side's word.
std::optional<ReferralEvent> last_event(const TaskReport& report, ReferralState target) {
    switch (target) {
        case S::accepted:
            return report.no_show ? ReferralEvent::no_show : ReferralEvent::accept;
        case S::waitlisted:
            return ReferralEvent::waitlist;
        case S::declined:
            return report.redirect ? ReferralEvent::redirect : ReferralEvent::decline;
        case S::scheduled:
            return ReferralEvent::schedule;
        case S::in_progress:
            return ReferralEvent::start;
        case S::on_hold:
            return ReferralEvent::hold;
        case S::completed:
            return ReferralEvent::complete;
        case S::failed:
            return ReferralEvent::fail;
        default:
            return std::nullopt;
    }
}

// The shortest way that ends with `last`; before it only what may be filled in.
std::optional<std::vector<ReferralEvent>> way(const Standing& standing, ReferralEvent last, int steps) {
    if (after(standing, last)) return std::vector{last};
    if (steps == 0) return std::nullopt;
    std::optional<std::vector<ReferralEvent>> shortest;
    for (const auto event : {ReferralEvent::accept, ReferralEvent::start, ReferralEvent::resume}) {
        const auto next = after(standing, event);
        if (!next) continue;
        auto rest = way(*next, last, steps - 1);
        if (!rest || (shortest && rest->size() + 1 >= shortest->size())) continue;
        rest->insert(rest->begin(), event);
        shortest = std::move(rest);
    }
    return shortest;
}

// What the Task and its Appointment together say; none where it is nothing new.
std::optional<ReferralState> target_of(const Standing& standing, const TaskReport& report,
                                       const std::optional<AppointmentReport>& appointment) {
    const bool booked = appointment && appointment->standing == AppointmentReport::Standing::booked;
    if (report.state == S::delivered) return std::nullopt;  // they have it: nothing that we did not know
    if (report.state == S::accepted && booked && !report.no_show)
        return standing.state == S::scheduled ? std::nullopt : std::optional(S::scheduled);
    // Accepted, and the date known before: it still is.
    if (report.state == S::accepted && standing.state == S::scheduled && !report.no_show) return std::nullopt;
    if (report.state == standing.state) return std::nullopt;
    return report.state;
}

// Back from a hold: `resume` alone tells it, where it leads to what the Task says.
bool is_resumed(const Standing& standing, ReferralState target) {
    return standing.state == S::on_hold && standing.before_hold == target;
}

Change change_of(ReferralEvent event, const TaskReport& report) {
    Change change;
    change.event.event = event;
    change.event.occurred_on = report.occurred_on;
    change.event.synthesized = true;
    return change;
}

void tell(Change& change, const TaskReport& report, const std::optional<AppointmentReport>& appointment) {
    change.event.synthesized = false;
    change.event.reason = report.reason;
    change.event.outcome = report.outcome;
    change.event.expected_on = report.expected_on;
    change.said = report.said;
    if (change.event.event == ReferralEvent::schedule) change.appointment = appointment->appointment;
}

// A no-show may be told by the Appointment alone.
TaskReport with_no_show(TaskReport report, const std::optional<AppointmentReport>& appointment) {
    const bool missed = appointment && appointment->standing == AppointmentReport::Standing::no_show;
    if (missed && report.state == S::accepted) report.no_show = true;
    return report;
}

contract::Failure<FhirFaults> refused(Flaw flaw) { return {FhirFaults{{"Task.status", flaw}}}; }

}  // namespace

std::optional<Standing> after(const Standing& from, ReferralEvent event) {
    const Standing standing = delivered_at_least(from);
    for (const Rule& rule : kRules) {
        if (rule.event != event || !rule.from.has(standing.state)) continue;
        if (event == ReferralEvent::resume)
            return standing.before_hold ? std::optional(Standing{*standing.before_hold, {}}) : std::nullopt;
        if (event == ReferralEvent::hold) return Standing{rule.to, standing.state};
        return Standing{rule.to, {}};
    }
    return std::nullopt;
}

contract::Result<std::vector<Change>, FhirFaults> steps_to(
    const Standing& standing, const TaskReport& said, const std::optional<AppointmentReport>& appointment) {
    const TaskReport report = with_no_show(said, appointment);
    const bool ours = report.state == S::cancelled || report.state == S::erroneous;
    if (ours && !contract::is_terminal(standing.state)) return refused(Flaw::not_for_recipient);
    if (ours) return std::vector<Change>{};
    const auto target = target_of(standing, report, appointment);
    if (!target) return std::vector<Change>{};
    auto last = last_event(report, *target);
    if (is_resumed(standing, *target)) last = ReferralEvent::resume;
    const auto events = last ? way(standing, *last, 3) : std::nullopt;
    if (!events) return refused(Flaw::not_a_step);
    std::vector<Change> changes;
    for (const ReferralEvent event : *events) changes.push_back(change_of(event, report));
    tell(changes.back(), report, appointment);
    return changes;
}

}  // namespace kesher::health
