#include "adapters/health/steps.h"

namespace kesher::health {
namespace {

using contract::ReferralEvent;
using contract::ReferralState;
using S = ReferralState;

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
    return standing.state == S::on_hold && standing.held_from == target;
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
    const auto events = last ? record::way_to(standing, *last) : std::nullopt;
    if (!events) return refused(Flaw::not_a_step);
    std::vector<Change> changes;
    for (const ReferralEvent event : *events) changes.push_back(change_of(event, report));
    tell(changes.back(), report, appointment);
    return changes;
}

}  // namespace kesher::health
