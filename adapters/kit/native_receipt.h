// What an acknowledgement says of a native system's receipt (`native`, contract.md 3).
//
// A commitment, not the receipt's own SHA-256: of a native record whoever runs the hub may know everything
// but who she is, and would try all id numbers until one fits. With receipt and salt the recipient shows
// which it was; the hub compares it with nothing.
#pragma once

#include "schemas/contract/bytes.h"
#include "schemas/statement/commitment.h"

namespace kesher::kit {

// SHA-256("kesher.native.v1" || salt || receipt). The salt stays with the recipient, one for each message.
[[nodiscard]] contract::Digest native_commitment(const statement::Salt& salt, contract::ByteView receipt);

}  // namespace kesher::kit
