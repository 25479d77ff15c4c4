// What is said to the labor arm, as events to its service. For this room alone.
#pragma once

#include "adapters/labor/event_service.h"

namespace kesher::labor {

class LaborCalls final : public record::CalledSystem {
public:
    // Both must outlive it.
    LaborCalls(EventService& service, const record::Mapping& mapping)
        : service_(service), mapping_(mapping) {}

    [[nodiscard]] bool serves(contract::Service service) const override;
    [[nodiscard]] record::CallOutcome give(const record::Referral& referral) override;
    // A date that she chose goes with the version of a moment ago, so that nothing that changed meanwhile is
    // overwritten. What says nothing but its event prevails: it is sent whether their webhook allows us or
    // not.
    [[nodiscard]] record::CallOutcome tell(const contract::MessageId& id, const contract::OrganisationId& by,
                                           const record::Given& given, const record::Update& update) override;
    [[nodiscard]] record::CallOutcome inquire(const record::Given& given,
                                              const contract::MessageId& submission) override;
    // 202 is the technical receipt (domain.md 11.0): their queue may be behind it.
    [[nodiscard]] bool answers_before_doing() const override { return true; }

private:
    EventService& service_;
    const record::Mapping& mapping_;
};

}  // namespace kesher::labor
