// What is said to National Insurance, as calls of its service. For this room alone.
#pragma once

#include "adapters/national_insurance/benefit_service.h"
#include "adapters/national_insurance/settings.h"
#include "adapters/record/called_system.h"

namespace kesher::national_insurance {

class BenefitCalls final : public record::CalledSystem {
public:
    // All must outlive it.
    BenefitCalls(const NationalInsuranceSettings& settings, BenefitService& service,
                 const record::Mapping& mapping)
        : settings_(settings), service_(service), mapping_(mapping) {}

    [[nodiscard]] bool serves(contract::Service service) const override;
    [[nodiscard]] record::CallOutcome give(const record::Referral& referral) override;
    [[nodiscard]] record::CallOutcome tell(const contract::MessageId& id, const contract::OrganisationId& by,
                                           const record::Given& given, const record::Update& update) override;
    [[nodiscard]] record::CallOutcome inquire(const record::Given& given,
                                              const contract::MessageId& submission) override;

private:
    [[nodiscard]] record::CallOutcome call(std::string_view call, const contract::OrganisationId& client,
                                           const contract::MessageId& id,
                                           const contract::ReferralId& referral, const std::string& body);
    [[nodiscard]] Header header(std::string_view call, const contract::OrganisationId& client,
                                const contract::MessageId& id, const contract::ReferralId& referral) const;
    const NationalInsuranceSettings& settings_;
    BenefitService& service_;
    const record::Mapping& mapping_;
};

}  // namespace kesher::national_insurance
