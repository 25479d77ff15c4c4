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
    return service_.send(referral.message.text(), write_referral(referral, mapping_));
}

record::CallOutcome LaborCalls::tell(const contract::MessageId& id, const contract::OrganisationId& by,
                                     const record::Given& given, const record::Update& update) {
    const std::string event = write_update(id, by, update, mapping_);
    const bool supposes = update.event == "schedule" || update.event == "hold" || update.event == "resume";
    if (!supposes) return service_.send(id.text(), event);
    const auto looked = service_.look(given.id);
    if (!looked) {  // the word itself was not sent
        record::Unanswered fault = looked.error();
        fault.outcome_unknown = false;
        return Failure{fault};
    }
    if (!looked->seen) return record::Answered{{ResultKind::unknown_referral}, looked->answer};
    return service_.send(id.text(), event, looked->seen->etag);
}

record::CallOutcome LaborCalls::inquire(const record::Given& given, const contract::MessageId& submission) {
    const auto looked = service_.look(given.id);
    if (!looked) return Failure{looked.error()};
    const bool has = looked->seen && looked->seen->event == submission.text();
    return record::Answered{{has ? ResultKind::taken : ResultKind::unknown_referral}, looked->answer};
}

}  // namespace kesher::labor
