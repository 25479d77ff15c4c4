#include "adapters/health/document.h"
#include "adapters/health/node.h"
#include "adapters/health/task_read.h"
#include "schemas/contract/limits.h"

namespace kesher::health {
namespace {

using Standing = AppointmentReport::Standing;

enum class Status {
    proposed,
    pending,
    booked,
    arrived,
    fulfilled,
    cancelled,
    noshow,
    entered_in_error,
    checked_in,
    waitlist,
};
constexpr contract::ClosedList<Status, 10> kStatuses{{"proposed", "pending", "booked", "arrived", "fulfilled",
                                                      "cancelled", "noshow", "entered-in-error", "checked-in",
                                                      "waitlist"}};

void read_status(const Node& status, AppointmentReport& into) {
    if (!status.required()) return;
    const auto said = status.word(kStatuses);
    if (!said) return;
    switch (*said) {
        case Status::booked:
        case Status::arrived:
        case Status::fulfilled:
        case Status::checked_in:
            into.standing = Standing::booked;
            return;
        case Status::noshow:
            into.standing = Standing::no_show;
            return;
        case Status::cancelled:
        case Status::entered_in_error:
            into.standing = Standing::called_off;
            return;
        case Status::proposed:
        case Status::pending:
        case Status::waitlist:
            status.fault(Flaw::not_a_step);  // a wish is not a date that she can be told
    }
}

void read_slot(const Node& appointment, AppointmentReport& into) {
    const Node start = appointment["start"];
    const Node end = appointment["end"];
    if (!start.required() || !end.required()) return;
    const auto from = start.instant();
    const auto until = end.instant();
    if (!from || !until) return;
    const auto minute = std::chrono::floor<std::chrono::minutes>(*from);
    if (minute != *from) start.fault(Flaw::value);
    const auto length = std::chrono::ceil<std::chrono::minutes>(*until - *from).count();
    if (length < 1 || length > 1440) return end.fault(Flaw::value);
    into.appointment.slot = *from;
    into.appointment.minutes = static_cast<std::int32_t>(length);
}

bool is_place(std::string_view text) {
    if (text.empty() || text.size() > contract::limits::kShortTextCharacters) return false;
    return text.find_first_of(std::string_view("\0\t\n\r", 4)) == std::string_view::npos;
}

void read_place(const Node& participants, AppointmentReport& into) {
    for (const Node& participant : participants.items()) {
        const Node actor = participant["actor"];
        const auto reference = actor["reference"].text();
        if (!reference || !reference->starts_with("Location/")) continue;
        const Node label = actor["display"];
        const auto said = label.text();
        if (!label.required() || !said) return;
        if (!is_place(*said)) return label.fault(Flaw::value);
        into.appointment.place = std::string(*said);
        return;
    }
    participants.fault(Flaw::missing);
}

}  // namespace

contract::Result<AppointmentReport, FhirFaults> read_appointment(std::string_view text) {
    const auto document = open_document(text, "Appointment");
    if (!document) return contract::Failure{document.error()};
    FhirFaults faults;
    const Node appointment(&*document, "Appointment", faults);
    AppointmentReport report;
    read_status(appointment["status"], report);
    if (report.standing == Standing::booked) {
        read_slot(appointment, report);
        read_place(appointment["participant"], report);
    }
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return report;
}

}  // namespace kesher::health
