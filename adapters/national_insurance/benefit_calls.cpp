#include "adapters/national_insurance/benefit_calls.h"

#include "adapters/kit/message_writer.h"
#include "adapters/national_insurance/referral_form.h"
#include "config/catalogue/catalogue.h"

namespace kesher::national_insurance {

// Another service has no code in any mapping.
bool BenefitCalls::serves(contract::Service service) const {
    return contract::kServices.text(service).starts_with("BEN-");
}

// Who says it is the client, as X-Road has it; the organisation's id is its member code.
Header BenefitCalls::header(std::string_view call, const contract::OrganisationId& client,
                            const contract::MessageId& id, const contract::ReferralId& referral) const {
    const XRoadNames& names = settings_.names;
    return {.client = {names.instance, names.member_class, client.text(), names.exchange_subsystem},
            .provider = {names.instance, names.member_class, settings_.organisation.text(), names.subsystem},
            .service = mapping_.name(call),
            .version = std::string(kServiceVersion),
            .id = id.text(),
            .issue = referral.text()};
}

record::CallOutcome BenefitCalls::call(std::string_view call, const contract::OrganisationId& client,
                                       const contract::MessageId& id, const contract::ReferralId& referral,
                                       const std::string& body) {
    auto answer = service_.send(header(call, client, id, referral), call, body);
    if (answer) return *std::move(answer);
    const ServiceFault& fault = answer.error();
    return contract::Failure{record::Unanswered{fault.kind == ServiceFault::Kind::away,
                                                is_outcome_unknown(fault), word_of(fault.kind),
                                                fault.status}};
}

record::CallOutcome BenefitCalls::give(const record::Referral& referral) {
    const auto traits = catalogue::built_in_catalogue().organisation_traits(referral.from);
    const std::string sender = traits ? traits->names.he : referral.from.text();
    return call("call.referral", referral.from, referral.message, referral.referral,
                write_referral(referral, mapping_, settings_.environment, sender));
}

record::CallOutcome BenefitCalls::tell(const contract::MessageId& id, const contract::OrganisationId& by,
                                       const record::Given& given, const record::Update& update) {
    return call("call.update", by, id, given.id, write_update(update, mapping_));
}

record::CallOutcome BenefitCalls::inquire(const record::Given& given, const contract::MessageId& submission) {
    return call("call.inquiry", given.from, kit::draw_message_id(), given.id,
                write_inquiry(submission, mapping_));
}

}  // namespace kesher::national_insurance
