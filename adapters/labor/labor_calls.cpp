#include "adapters/labor/labor_calls.h"

#include "adapters/labor/referral_event.h"
#include "adapters/labor/status_event.h"

namespace kesher::labor {

using contract::Failure;

// Another service has no code in any mapping.
bool LaborCalls::serves(contract::Service service) const {
    return contract::kServices.text(service).starts_with("EMP-");
}

record::CallOutcome LaborCalls::give(const record::Referral& referral) {
    return service_.send(referral.message.text(), write_referral(referral, mapping_),
                         EventService::Manner::asks);
}

record::CallOutcome LaborCalls::tell(const contract::MessageId& id, const contract::OrganisationId& by,
                                     const record::Given& given, const record::Update& update) {
    const std::string event = write_update(id, by, update, mapping_);
    const bool says_something = update.words || update.appointment;
    const auto manner = says_something ? EventService::Manner::asks : EventService::Manner::prevails;
    if (update.event != "schedule") return service_.send(id.text(), event, manner);
    const auto looked = service_.look(given.id);
    if (!looked) {  // the word itself was not sent
        record::Unanswered fault = looked.error();
        fault.outcome_unknown = false;
        return Failure{fault};
    }
    if (!looked->seen) return record::Answered{{ResultKind::unknown_referral}, looked->answer};
    return service_.send(id.text(), event, manner, looked->seen->version);
}

record::CallOutcome LaborCalls::inquire(const record::Given& given, const contract::MessageId& submission) {
    const auto looked = service_.look(given.id);
    if (!looked) return Failure{looked.error()};
    // It is there, and who knows how it came: no answer to what was asked.
    if (looked->seen && looked->seen->event != submission.text()) {
        return Failure{record::Unanswered{false, true, "there under another event", 200}};
    }
    return record::Answered{{looked->seen ? ResultKind::taken : ResultKind::unknown_referral},
                            looked->answer};
}

}  // namespace kesher::labor
