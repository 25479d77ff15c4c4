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

}  // namespace kesher::inbox
