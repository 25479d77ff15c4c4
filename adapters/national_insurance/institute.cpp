// What is referred to National Insurance becomes one call of its service.
#include "adapters/national_insurance/institute.h"

#include "adapters/national_insurance/referral_form.h"
#include "config/catalogue/catalogue.h"
#include "schemas/statement/hash.h"

namespace kesher::national_insurance {

using contract::Code;
using contract::MessageType;
using contract::ReferralState;
using telemetry::Level;

Institute::Institute(const NationalInsuranceSettings& settings, record::NativeMeans means,
                     BenefitService& service, const record::Mapping& mapping)
    : settings_(settings),
      means_(std::move(means)),
      service_(service),
      mapping_(mapping),
      ledger_(settings.ledger),
      actor_{settings.officer, settings.role} {}

// Who says it is the client, as X-Road has it; the organisation's id is its member code.
Header Institute::header(std::string_view call, const contract::OrganisationId& client,
                         const contract::MessageId& id, const contract::ReferralId& referral) const {
    const XRoadNames& names = settings_.names;
    return {.client = {names.instance, names.member_class, client.text(), names.exchange_subsystem},
            .provider = {names.instance, names.member_class, settings_.organisation.text(), names.subsystem},
            .service = mapping_.name(call),
            .version = std::string(kServiceVersion),
            .id = id.text(),
            .issue = referral.text()};
}

Institute::Service Institute::call(std::string_view call, const contract::OrganisationId& client,
                                   const contract::MessageId& id, const contract::ReferralId& referral,
                                   const std::string& body) {
    auto answer = service_.send(header(call, client, id, referral), call, body);
    if (!answer)
        say(answer.error());
    else
        away_said_ = false;
    return answer;
}

// A new call each time: the same would be answered as before.
Institute::Service Institute::inquire(const Given& given, const contract::MessageId& submission) {
    return call("call.inquiry", given.from, kit::draw_message_id(), given.id,
                write_inquiry(submission, mapping_));
}

void Institute::say(const ServiceFault& fault) {
    if (fault.kind == ServiceFault::Kind::away) {
        if (!away_said_) means_.log.write(Level::warning, "benefit_service_away", {{"status", fault.status}});
        away_said_ = true;
        return;
    }
    away_said_ = false;
    means_.log.write(
        Level::error, "benefit_service_fault",
        {{"kind", telemetry::Diagnostic{std::string(word_of(fault.kind))}}, {"status", fault.status}});
}

// Which flaw and where: never a value, and of a name of theirs no more than that it is one.
void Institute::say(const CallResult& result) {
    if (result.kind != ResultKind::form || result.faults.empty()) {
        means_.log.write(Level::warning, "benefit_service_refused");
        return;
    }
    const FieldFault& fault = result.faults.front();
    means_.log.write(
        Level::error, "benefit_form_refused",
        {{"flaw", telemetry::Diagnostic{std::string(kFlaws.text(fault.flaw))}}, {"line", fault.line}});
}

kit::NativeAnswer Institute::deliver(const Delivered& delivered) {
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
kit::TakenBefore Institute::already_taken(const contract::OrganisationId& from,
                                          const contract::MessageId& id) {
    const auto row = means_.journal.incoming_message(from, id);
    if (!row || row->type != MessageType::referral_submitted || !row->referral) return kit::NotTaken{};
    const Given* given = ledger_.given(*row->referral);
    if (given == nullptr) return kit::NotTaken{};
    const auto answer = inquire(*given, id);
    if (!answer) return kit::Held{};
    if (answer->result.kind == ResultKind::unknown_referral) return kit::NotTaken{};
    if (answer->result.kind != ResultKind::taken) return kit::Held{};
    // What came after its end is ended by the look, which alone may forget it (institute_late.cpp).
    if (!ledger_.may_arrive_late(given->id)) ledger_.know(given->id);
    return kit::Taken{answer->answer};
}

kit::NativeAnswer Institute::take_referral(const Delivered& delivered) {
    const auto* payload = std::get_if<codec::ReferralSubmitted>(&delivered.payload);
    if (payload == nullptr || !delivered.sealed) return kit::Declined{Code::payload_invalid};
    const auto referral =
        record::referral_of(delivered.said, *payload, *delivered.sealed, delivered.pseudonym, delivered.jws);
    if (!referral) return kit::Declined{Code::payload_invalid};
    // A service that is none of theirs has no code in any mapping.
    if (!contract::kServices.text(referral->service).starts_with("BEN-")) {
        return kit::Declined{Code::service_not_allowed};
    }
    // It ended while the service was away.
    if (contract::is_terminal(ledger_.stood(referral->referral).state)) {
        return kit::Declined{Code::event_not_allowed};
    }
    ledger_.give({referral->referral, referral->from, referral->purpose, referral->basis, referral->consent});
    const bool earlier = ledger_.may_arrive(referral->referral);
    if (!earlier) ledger_.attempt(referral->referral, referral->message);
    const auto traits = catalogue::built_in_catalogue().organisation_traits(referral->from);
    const std::string sender = traits ? traits->names.he : referral->from.text();
    const auto answer = call("call.referral", referral->from, referral->message, referral->referral,
                             write_referral(*referral, mapping_, settings_.environment, sender));
    if (!answer) {
        if (is_outcome_unknown(answer.error())) return kit::Unsure{};
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
kit::NativeAnswer Institute::refuse_referral(const Delivered& delivered, bool earlier) {
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

}  // namespace kesher::national_insurance
