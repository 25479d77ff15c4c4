// What one of the organisation's own officers may do, signed by the organisation's key and handed to the hub
// (PUT /v1/officers/{id}).
#pragma once

#include "adapters/kit/hub_client.h"
#include "schemas/statement/officer_entry.h"

namespace kesher::kit {

// `at` is filled in from the hub client's clock, or from the hub's own where that is another. Returns the
// hub's JSON.
[[nodiscard]] Answered<json::Value> put_officer(HubClient& hub, const statement::Signer& signer,
                                                statement::OfficerEntry entry);

}  // namespace kesher::kit
