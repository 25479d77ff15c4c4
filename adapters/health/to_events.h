// A change that the clinic made, as a message of the exchange.
#pragma once

#include "adapters/health/ledger.h"
#include "adapters/health/steps.h"
#include "adapters/kit/message_writer.h"

namespace kesher::health {

// Sealed only where something is said that the clear fields do not hold: words, or an appointment. Then the
// safety flags that stand on the far side go with it.
[[nodiscard]] kit::Message event_of(const Change& change, const Given& given,
                                    const contract::Pseudonym& pseudonym, const contract::MessageId& id,
                                    const kit::Actor& actor, const codec::Safety& safety);
[[nodiscard]] bool needs_seal(const Change& change);

}  // namespace kesher::health
