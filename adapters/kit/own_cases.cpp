#include "adapters/kit/own_cases.h"

#include "adapters/kit/asked_by_hub_clock.h"

namespace kesher::kit {

Answered<OpenedCase> open_case(HubClient& hub, const statement::Signer& signer, const OpenCase& wish) {
    return asked_by_hub_clock(hub, [&](contract::Instant at) {
        return hub.open_case(statement::sign_case_order({.organisation = hub.self(),
                                                         .log = hub.log().name(),
                                                         .at = at,
                                                         .id = wish.id,
                                                         .officer = wish.officer,
                                                         .anonymous = wish.anonymous,
                                                         .door = wish.door},
                                                        signer));
    });
}

Answered<json::Value> new_claim_code(HubClient& hub, const statement::Signer& signer,
                                     const contract::Pseudonym& pseudonym,
                                     const statement::OrderingOfficer& officer) {
    return asked_by_hub_clock(hub, [&](contract::Instant at) {
        return hub.put("POST", "/v1/cases/" + pseudonym.reveal() + "/claim-code", "application/jose",
                       statement::sign_claim_code_order({.organisation = hub.self(),
                                                         .log = hub.log().name(),
                                                         .at = at,
                                                         .pseudonym = pseudonym,
                                                         .officer = officer},
                                                        signer));
    });
}

}  // namespace kesher::kit
