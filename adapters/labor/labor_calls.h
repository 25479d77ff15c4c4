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
    // A word that counts only for how she believes it to stand goes with the ETag of a moment ago; an end, a
    // freeze and the hub's own prevail however it stands.
    [[nodiscard]] record::CallOutcome tell(const contract::MessageId& id, const contract::OrganisationId& by,
                                           const record::Given& given, const record::Update& update) override;
    [[nodiscard]] record::CallOutcome inquire(const record::Given& given,
                                              const contract::MessageId& submission) override;

private:
    EventService& service_;
    const record::Mapping& mapping_;
};

}  // namespace kesher::labor
