// What is referred becomes one call of the native system.
#include "adapters/record/liaison.h"

namespace kesher::record {

using contract::Code;
using contract::MessageType;
using contract::ReferralState;
using telemetry::Level;

Liaison::Liaison(LiaisonSettings settings, NativeMeans means, CalledSystem& system)
    : settings_(std::move(settings)), means_(std::move(means)), system_(system), ledger_(settings_.ledger) {}

CallOutcome Liaison::noted(CallOutcome outcome) {
    if (!outcome)
        say(outcome.error());
    else
        away_said_ = false;
    return outcome;
}

void Liaison::say(const Unanswered& fault) {
    if (fault.away) {
        if (!away_said_) means_.log.write(Level::warning, "native_system_away", {{"status", fault.status}});
        away_said_ = true;
        return;
    }
    away_said_ = false;
    means_.log.write(Level::error, "native_system_fault",
                     {{"kind", telemetry::Diagnostic{std::string(fault.word)}}, {"status", fault.status}});
}

// Which flaw and where: never a value, and of a name of theirs no more than that it is one.
void Liaison::say(const CallResult& result) {
    if (result.kind != ResultKind::form || result.faults.empty()) {
        means_.log.write(Level::warning, "native_system_refused");
        return;
    }
    const FieldFault& fault = result.faults.front();
    means_.log.write(
        Level::error, "native_form_refused",
        {{"flaw", telemetry::Diagnostic{std::string(kFlaws.text(fault.flaw))}}, {"line", fault.line}});
}

kit::NativeAnswer Liaison::deliver(const Delivered& delivered) {
    switch (delivered.said.type) {
        case MessageType::referral_submitted:
            return take_referral(delivered);
        case MessageType::referral_event:
            return take_event(delivered);
        case MessageType::consent_revoked:
            return take_revocation(delivered);
        default:
            return kit::Declined{Code::schema_unknown};  // the profile has no call for it
    }
}

// A referral can be asked for. Anything else is said again under the same id, and answered as before.
kit::TakenBefore Liaison::already_taken(const contract::OrganisationId& from, const contract::MessageId& id) {
    const auto row = means_.journal.incoming_message(from, id);
    if (!row || row->type != MessageType::referral_submitted || !row->referral) return kit::NotTaken{};
    const Given* given = ledger_.given(*row->referral);
    if (given == nullptr) return kit::NotTaken{};
    const auto answer = noted(system_.inquire(*given, id));
    if (!answer) return kit::Held{};
    if (answer->result.kind == ResultKind::unknown_referral) return kit::NotTaken{};
    if (answer->result.kind != ResultKind::taken) return kit::Held{};
    // What came after its end is ended by the look, which alone may forget it (liaison_late.cpp).
    if (!ledger_.may_arrive_late(given->id)) ledger_.know(given->id);
    return kit::Taken{answer->answer};
}

kit::NativeAnswer Liaison::take_referral(const Delivered& delivered) {
    const auto* payload = std::get_if<codec::ReferralSubmitted>(&delivered.payload);
    if (payload == nullptr || !delivered.sealed) return kit::Declined{Code::payload_invalid};
    const auto referral =
        referral_of(delivered.said, *payload, *delivered.sealed, delivered.pseudonym, delivered.jws);
    if (!referral) return kit::Declined{Code::payload_invalid};
    if (!system_.serves(referral->service)) return kit::Declined{Code::service_not_allowed};
    // It ended while the service was away.
    if (contract::is_terminal(ledger_.stood(referral->referral).state)) {
        return kit::Declined{Code::event_not_allowed};
    }
    ledger_.give({referral->referral, referral->from, referral->purpose, referral->basis, referral->consent});
    const bool earlier = ledger_.may_arrive(referral->referral);
    if (!earlier) ledger_.attempt(referral->referral, referral->message);
    const auto answer = noted(system_.give(*referral));
    if (!answer) {
        if (answer.error().outcome_unknown) return kit::Unsure{};
        if (!earlier) ledger_.know(referral->referral);
        return earlier ? kit::NativeAnswer(kit::Unsure{}) : kit::NativeAnswer(kit::Held{});
    }
    // Not begun: an earlier try may still be.
    if (answer->result.kind == ResultKind::not_now) {
        if (earlier) return kit::Unsure{};
        ledger_.know(referral->referral);
        return kit::Held{};
    }
    if (answer->result.kind == ResultKind::taken) {
        ledger_.know(referral->referral);
        return kit::Taken{answer->answer};
    }
    say(answer->result);
    return refuse_referral(delivered, earlier);
}

// This try has done nothing. An earlier one may still: what is declined is ended as well, and looked for.
kit::NativeAnswer Liaison::refuse_referral(const Delivered& delivered, bool earlier) {
    const contract::ReferralId id = delivered.said.referral.value();  // referral_of saw it
    if (!earlier) {
        ledger_.know(id);
        stand(id, {ReferralState::failed});  // nobody there will see it
        return kit::Declined{Code::payload_invalid};
    }
    std::string answers;
    const Update cancelled{id, "cancel", delivered.on};
    if (!end(*ledger_.given(id), cancelled, delivered.said.from, kit::draw_message_id(), answers)) {
        return kit::Unsure{};
    }
    stand(id, {ReferralState::cancelled});
    return kit::Declined{Code::payload_invalid};
}

}  // namespace kesher::record
