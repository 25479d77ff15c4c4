// From a department's status to the events that lead to it.
#include <algorithm>

#include "adapters/record/israel_time.h"
#include "adapters/social_services/fields.h"
#include "adapters/social_services/to_messages.h"
#include "schemas/statement/hash.h"

namespace kesher::social_services {
namespace {

using contract::Failure;
using contract::Reason;
using contract::ReferralEvent;
using contract::ReferralState;
using contract::WordSet;

// What a receiving body says of a referral; the other states are the referring side's, hers or the hub's.
constexpr WordSet<ReferralState> kOwnStates{
    ReferralState::delivered, ReferralState::accepted,    ReferralState::waitlisted,
    ReferralState::scheduled, ReferralState::in_progress, ReferralState::on_hold,
    ReferralState::declined,  ReferralState::failed,      ReferralState::completed};

std::optional<FileFault> flaw_of(const Status& status) {
    if (!kOwnStates.has(status.state)) return status_fault(status, "status", Flaw::status_not_yours);
    const WordSet<Reason> reasons = record::reasons_of(status.state);
    if (!reasons.empty() && (!status.reason || !reasons.has(*status.reason))) {
        return status_fault(status, "reason", Flaw::reason);
    }
    return std::nullopt;
}

// A step of its own for each, so that two equal files on one day are two, and one file twice is one.
contract::MessageId id_of(const contract::ReferralId& referral, const contract::Digest& file, unsigned line,
                          const kit::AliasMaker& aliases, std::size_t step) {
    const std::string place = std::to_string(line) + '/' + std::to_string(step);
    return aliases.message(referral, statement::sha256({file.view(), contract::bytes_of(place)}));
}

codec::Sealed appointment_of(contract::Instant slot, const Desk& desk) {
    codec::Sealed sealed;
    // The department took the referral with no other flag; whether she may be reached, its file still knows.
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        sealed.safety.set(flag, flag == contract::SafetyFlag::contact_prohibited);
    }
    sealed.appointment = codec::Appointment{};
    sealed.appointment->slot = std::chrono::floor<std::chrono::minutes>(slot);
    sealed.appointment->place = desk.place;
    return sealed;
}

// A department's date of SCHEDULED is the appointment's; the act was today, and never tomorrow.
contract::Day acted_on(const Status& status, const StatusContext& context) {
    if (status.state == ReferralState::scheduled) return context.today;
    return std::min(status.date, context.today);
}

}  // namespace

FileFault status_fault(const Status& status, std::string_view field, Flaw flaw) {
    FileFault fault{.line = status.line.number, .column = 1, .flaw = flaw};
    for (const Field& each : kS100) {
        if (each.name == field) {
            fault.field = each.name;
            fault.field_hebrew = each.hebrew;
            break;
        }
        fault.column += static_cast<unsigned>(each.width);
    }
    return fault;
}

contract::Result<std::vector<kit::Message>, FileFault> events_of(const Status& status,
                                                                 const StatusContext& context,
                                                                 const Desk& desk,
                                                                 const kit::AliasMaker& aliases) {
    if (auto fault = flaw_of(status)) return Failure{*fault};
    const auto steps = record::steps_to(context.standing, status.state);
    if (!steps) return Failure{status_fault(status, "status", Flaw::status_step)};
    std::optional<contract::Instant> slot;
    if (status.time) {
        slot = record::instant_of({status.date, *status.time});
        if (!slot) return Failure{status_fault(status, "time", Flaw::time)};
    }
    // A file that names no worker is passed on by the adapter itself (contract.md 2, SYSTEM).
    const kit::Actor actor{status.worker.value_or(desk.officer),
                           status.worker ? desk.role : contract::OfficerRole::system};
    std::vector<kit::Message> messages;
    for (std::size_t i = 0; i < steps->size(); ++i) {
        const bool last = i + 1 == steps->size();
        codec::ReferralEventPayload payload;
        payload.event = (*steps)[i];
        payload.occurred_on = acted_on(status, context);
        payload.synthesized = !last;
        if (last && !record::reasons_of(status.state).empty()) payload.reason = status.reason;
        if (payload.event == ReferralEvent::complete) payload.outcome = status.outcome;
        kit::Message message{id_of(context.carried.id, context.file, status.line.number, aliases, i),
                             contract::MessageType::referral_event, context.carried.from, actor, payload};
        message.pseudonym = context.pseudonym;
        message.referral = context.carried.id;
        message.purpose = context.carried.purpose;
        message.basis = context.carried.basis;
        message.consent = context.carried.consent;
        if (last && slot && payload.event == ReferralEvent::schedule) {
            message.sealed = appointment_of(*slot, desk);
        }
        messages.push_back(std::move(message));
    }
    return messages;
}

contract::Result<ReferralEvent, FileFault> recall_in(const Status& status) {
    const auto with_reason = [&](ReferralEvent event,
                                 WordSet<Reason> reasons) -> contract::Result<ReferralEvent, FileFault> {
        if (status.reason && reasons.has(*status.reason)) return event;
        return Failure{status_fault(status, "reason", Flaw::reason)};
    };
    switch (status.state) {
        case ReferralState::withdrawn:
            return ReferralEvent::withdraw;  // she gives no reason
        case ReferralState::cancelled:
            return with_reason(ReferralEvent::cancel, {Reason::no_longer_needed, Reason::entered_twice});
        case ReferralState::erroneous:
            return with_reason(ReferralEvent::mark_error, {Reason::wrong_case, Reason::wrong_content});
        default:
            return Failure{status_fault(status, "status", Flaw::status_not_yours)};
    }
}

kit::Message recall_of(const Status& status, ReferralEvent event, const RecallContext& context,
                       const Desk& desk, const kit::AliasMaker& aliases) {
    codec::ReferralEventPayload payload;
    payload.event = event;
    payload.occurred_on = std::min(status.date, context.today);
    if (event != ReferralEvent::withdraw) payload.reason = status.reason;
    const Sent& sent = context.sent;
    // An unattended adapter may not end a referral: it is the worker's word, or the desk's for her.
    kit::Message message{id_of(sent.id, context.file, status.line.number, aliases, 0),
                         contract::MessageType::referral_event, sent.to,
                         kit::Actor{status.worker.value_or(desk.officer), desk.role}, payload};
    message.pseudonym = context.pseudonym;
    message.referral = sent.id;
    message.purpose = sent.purpose;
    message.basis = sent.basis;
    message.consent = sent.consent;
    message.subject_acts = event == ReferralEvent::withdraw;
    return message;
}

}  // namespace kesher::social_services
