// What one of the organisation's own officers may do, signed by the organisation's key and handed to the hub
// (PUT /v1/officers/{id}).
#pragma once

#include "adapters/kit/hub_client.h"
#include "adapters/kit/organisation_keys.h"
#include "schemas/statement/officer_entry.h"

namespace kesher::kit {

// Refused where the hub would take no training that lasts so long (limits::kTrainingValidMax). Said before
// anything is signed, because the hub's word for it is the one for every claim that is wrong.
[[nodiscard]] Usable<contract::Done> judge_training(contract::Day valid_until, contract::Instant at);

// `at` is filled in from the hub client's clock, or from the hub's own where that is another. Returns the
// hub's JSON.
[[nodiscard]] Answered<json::Value> put_officer(HubClient& hub, const statement::Signer& signer,
                                                statement::OfficerEntry entry);

}  // namespace kesher::kit
