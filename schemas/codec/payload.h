// The payload of a message, judged by the type that its statement names.
#pragma once

#include <optional>
#include <variant>

#include "schemas/codec/records.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::codec {

using Payload = std::variant<ReferralSubmitted, ReferralEventPayload, Draft, ConsentGiven, ConsentRevoked,
                             ConsentRevocationAcked, IntakeScreened, EligibilityAsked, EligibilityAnswered,
                             CapacityUpdated, AgendaProposed, HeadcountReported>;

// The fingerprint in bytes 2 to 9, most significant byte last, behind the mark C3 01; none without it.
[[nodiscard]] std::optional<contract::SchemaFingerprint> read_fingerprint(contract::ByteView bytes);

// `claimed` is the statement's `schema`: it must be a released schema of `type` (`schema_unknown`) and
// the very one that the bytes name (`payload_invalid`).
[[nodiscard]] contract::Result<Payload, contract::Code> decode_payload(contract::MessageType type,
                                                                       contract::SchemaFingerprint claimed,
                                                                       contract::ByteView bytes);

// The sealed part as it travels: a compact JWE in ASCII. None where the payload has no such part.
[[nodiscard]] std::optional<contract::ByteView> sealed_part(const Payload& payload);

}  // namespace kesher::codec
