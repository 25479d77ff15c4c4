// The organisation's orders about its own cases, signed by its key and handed to the hub. `at` is the hub
// client's clock; a hub whose clock is another is asked once more by its own.
#pragma once

#include "adapters/kit/hub_client.h"
#include "schemas/statement/case_order.h"

namespace kesher::kit {

struct OpenCase {
    contract::RequestId id;  // the same again finds the same case
    statement::OrderingOfficer officer;
    bool anonymous = false;
    contract::Door door = contract::Door::other;
};
[[nodiscard]] Answered<OpenedCase> open_case(HubClient& hub, const statement::Signer& signer,
                                             const OpenCase& wish);

// A fresh claim code for her, the old one is dead. Returns the hub's JSON.
[[nodiscard]] Answered<json::Value> new_claim_code(HubClient& hub, const statement::Signer& signer,
                                                   const contract::Pseudonym& pseudonym,
                                                   const statement::OrderingOfficer& officer);

}  // namespace kesher::kit
