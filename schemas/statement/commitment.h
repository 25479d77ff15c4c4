// Commitments: the statement binds officer and case without naming them (contract.md 1).
//
//   actor = SHA-256("kesher.actor.v1" || salt[16] || id || 0x00 || role)
//   case  = SHA-256("kesher.case.v1" || salt[16] || pseudonym)
// The openings go to the hub alone. A salt is drawn for one message and never used for a second.
#pragma once

#include <array>
#include <cstdint>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::statement {

using Salt = std::array<std::uint8_t, 16>;
[[nodiscard]] Salt draw_salt();

[[nodiscard]] contract::Digest commit_actor(const Salt& salt, const contract::OfficerId& id,
                                            contract::OfficerRole role);
[[nodiscard]] contract::Digest commit_case(const Salt& salt, const contract::Pseudonym& pseudonym);

[[nodiscard]] bool opens_actor(const contract::Digest& commitment, const Salt& salt,
                               const contract::OfficerId& id, contract::OfficerRole role);
[[nodiscard]] bool opens_case(const contract::Digest& commitment, const Salt& salt,
                              const contract::Pseudonym& pseudonym);

}  // namespace kesher::statement
