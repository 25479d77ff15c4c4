#include "adapters/health/task_read.h"

#include "adapters/health/document.h"
#include "adapters/health/fhir_codes.h"
#include "adapters/health/node.h"
#include "schemas/contract/limits.h"

namespace kesher::health {
namespace {

using contract::Outcome;
using contract::ReferralEvent;
using contract::ReferralState;

// Task.status of R4, in its own order, and what each is here. `draft` and `ready` are nobody's to send.
enum class Status {
    draft,
    requested,
    received,
    accepted,
    rejected,
    ready,
    cancelled,
    in_progress,
    on_hold,
    failed,
    completed,
    entered_in_error,
};
constexpr contract::ClosedList<Status, 12> kStatuses{{"draft", "requested", "received", "accepted",
                                                      "rejected", "ready", "cancelled", "in-progress",
                                                      "on-hold", "failed", "completed", "entered-in-error"}};

std::optional<ReferralState> state_of(Status status) {
    switch (status) {
        case Status::requested:
        case Status::received:
            return ReferralState::delivered;
        case Status::accepted:
            return ReferralState::accepted;
        case Status::rejected:
            return ReferralState::declined;
        case Status::cancelled:
            return ReferralState::cancelled;
        case Status::in_progress:
            return ReferralState::in_progress;
        case Status::on_hold:
            return ReferralState::on_hold;
        case Status::failed:
            return ReferralState::failed;
        case Status::completed:
            return ReferralState::completed;
        case Status::entered_in_error:
            return ReferralState::erroneous;
        case Status::draft:
        case Status::ready:
            break;
    }
    return std::nullopt;
}

// A Task of another kind (fill in this form, come to that visit) is about something else than a referral.
void read_code(const Node& code) {
    const Node kind = code.code(systems::kTaskCode);
    if (kind.text() != kFulfill.code) kind.fault(Flaw::not_ours);
}

void read_status(const Node& status, TaskReport& into) {
    if (!status.required()) return;
    const auto said = status.word(kStatuses);
    if (!said) return;
    if (const auto state = state_of(*said))
        into.state = *state;
    else
        status.fault(Flaw::not_for_recipient);
}

// SDOH CC's enrolment words, and the two of ours that FHIR's status cannot tell. Words of other systems
// are the far side's own shading and are passed over.
void read_business_status(const Node& business, TaskReport& into) {
    const Node enrolment = business.code(systems::kSdohCc);
    const auto enrolled = enrolment.text();
    if (enrolled == "not-enrolled-on-waitlist") {
        if (into.state == ReferralState::accepted)
            into.state = ReferralState::waitlisted;
        else
            enrolment.fault(Flaw::not_a_step);
    } else if (enrolled && enrolled != "enrolled" && enrolled != "not-enrolled") {
        enrolment.fault(Flaw::unknown_code);
    }
    const Node event = business.code(systems::kEvent);
    const auto word = event.word(contract::kReferralEvents);
    if (!word) return;
    into.redirect = *word == ReferralEvent::redirect && into.state == ReferralState::declined;
    into.no_show = *word == ReferralEvent::no_show && into.state == ReferralState::accepted;
    if (!into.redirect && !into.no_show) event.fault(Flaw::not_a_step);
}

bool reason_fits(ReferralState state, contract::Reason reason) {
    using contract::Reason;
    // `consent-missing`, `agreement-missing` are the hub's own (domain.md 3.1).
    if (state == ReferralState::declined) return reason <= Reason::subject_unreachable;
    if (state == ReferralState::on_hold)
        return reason >= Reason::docs_missing && reason <= Reason::waiting_for_provider;
    return reason == Reason::service_ended || reason == Reason::contact_lost;
}

void read_reason(const Node& reason, TaskReport& into) {
    const bool declined = into.state == ReferralState::declined;
    const bool failed = into.state == ReferralState::failed;
    if (!declined && !failed && into.state != ReferralState::on_hold) return;
    const Node code = reason.code(systems::kReason);
    into.reason = code.word(contract::kReasons);
    if ((failed || (declined && !into.redirect)) && !code.exists()) code.fault(Flaw::missing);
    if (into.reason && !reason_fits(into.state, *into.reason)) code.fault(Flaw::unknown_code);
    const Node text = reason["text"];
    if (declined && !text.exists()) text.fault(Flaw::missing);
    const auto said = text.text();
    if (!said) return;
    // Bytes: at least as many as characters, so what passes here fits the record.
    if (said->empty() || said->size() > contract::limits::kFreeTextCharacters)
        text.fault(Flaw::value);
    else
        into.said = std::string(*said);
}

void read_outputs(const Node& outputs, TaskReport& into) {
    bool activity = false;
    for (const Node& output : outputs.items()) {
        const Node type = output["type"];
        const Node outcome = output["valueCodeableConcept"].code(systems::kOutcome);
        if (outcome.exists()) into.outcome = outcome.word(contract::kOutcomes);
        if (type.code(systems::kSdohCc).text() == "resulting-activity") activity = true;
        const auto reference = output["valueReference"]["reference"].text();
        if (reference && reference->starts_with("Appointment/")) into.appointment = std::string(*reference);
    }
    if (into.state != ReferralState::completed) {
        into.outcome.reset();
        return;
    }
    if (!into.outcome && activity) into.outcome = Outcome::provided;
    if (!into.outcome) outputs.fault(Flaw::missing);
}

void read_days(const Node& task, TaskReport& into) {
    const Node modified = task["lastModified"];
    const auto said = modified.day();
    const auto stored = task["meta"]["lastUpdated"].day();
    if (!said && !stored)
        modified.fault(Flaw::missing);
    else
        into.occurred_on = std::max(said.value_or(contract::Day{}), stored.value_or(contract::Day{}));
    if (into.state == ReferralState::waitlisted || into.state == ReferralState::on_hold)
        into.expected_on = task["executionPeriod"]["start"].day();
}

}  // namespace

contract::Result<TaskReport, FhirFaults> read_task(const json::Value& value) {
    FhirFaults faults;
    const Node task(&value, "Task", faults);
    TaskReport report;
    if (task["resourceType"].text() != "Task") task["resourceType"].fault(Flaw::not_the_type);
    const Node id = task["id"];
    if (id.required()) report.id = id.text().value_or("");
    report.version = task["meta"]["versionId"].text().value_or("");
    report.referral = task["identifier"].identifier(systems::kUuid).uuid<contract::ReferralId>();
    read_code(task["code"]);
    read_status(task["status"], report);
    read_business_status(task["businessStatus"], report);
    read_reason(task["statusReason"], report);
    read_outputs(task["output"], report);
    read_days(task, report);
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return report;
}

contract::Result<TaskReport, FhirFaults> read_task(std::string_view text) {
    const auto document = open_document(text, "Task");
    if (!document) return contract::Failure{document.error()};
    return read_task(*document);
}

}  // namespace kesher::health
