#include "adapters/kit/own_officers.h"

#include "adapters/kit/asked_by_hub_clock.h"

namespace kesher::kit {

Answered<json::Value> put_officer(HubClient& hub, const statement::Signer& signer,
                                  statement::OfficerEntry entry) {
    const std::string path = "/v1/officers/" + entry.officer.text();
    return asked_by_hub_clock(hub, [&](contract::Instant at) {
        entry.at = at;
        return hub.put("PUT", path, "application/jose", statement::sign_officer_entry(entry, signer));
    });
}

}  // namespace kesher::kit
