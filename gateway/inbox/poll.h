// One look into an organisation's inbox: what is due is chosen, released, and put into a batch.
#pragma once

#include "gateway/inbox/release.h"
#include "gateway/inbox/rooms.h"
#include "schemas/codec/envelope_records.h"

namespace kesher::inbox {

// Empty where nothing may leave now. `code` where the sequencer could not decide.
struct Look {
    codec::DeliveryBatch batch;
    std::optional<contract::Code> code;
};
[[nodiscard]] Look look(const Rooms& rooms, const contract::OrganisationId& recipient, std::size_t limit);

// How many notices (of her withdrawal, of a referral's end, the hub's own words) this body has not
// acknowledged and does not get with this batch: they wait behind it, or went out with an answer that may
// never have arrived, or to another program of the body. Whoever keeps something of hers unopened must not
// open it before there are none (contract.md 3: revocation notices first).
[[nodiscard]] std::uint64_t notices_left(const Rooms& rooms, const contract::OrganisationId& recipient,
                                         const codec::DeliveryBatch& batch);

}  // namespace kesher::inbox
