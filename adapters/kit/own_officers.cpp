#include "adapters/kit/own_officers.h"

#include "adapters/kit/asked_by_hub_clock.h"
#include "schemas/contract/limits.h"

namespace kesher::kit {

Usable<contract::Done> judge_training(contract::Day valid_until, contract::Instant at) {
    const contract::Day today = contract::day_of(at);
    const contract::Day last = today + contract::limits::kTrainingValidMax;
    if (valid_until <= last) return contract::Done{};
    return contract::Failure{Unusable{"no training is valid for more than 24 months: on " +
                                      contract::text(today) + " the last day that can be given is " +
                                      contract::text(last)}};
}

Answered<json::Value> put_officer(HubClient& hub, const statement::Signer& signer,
                                  statement::OfficerEntry entry) {
    const std::string path = "/v1/officers/" + entry.officer.text();
    return asked_by_hub_clock(hub, [&](contract::Instant at) {
        entry.at = at;
        return hub.put("PUT", path, "application/jose", statement::sign_officer_entry(entry, signer));
    });
}

}  // namespace kesher::kit
