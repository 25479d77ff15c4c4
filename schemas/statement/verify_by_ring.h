// A document that one organisation's keys sign. For this room's sources alone.
#pragma once

#include "schemas/statement/jws.h"
#include "schemas/statement/key_ring.h"

namespace kesher::statement {

// certificate_unknown: no certificate of the ring that holds at `at` signed it; else as code_of(JwsFault).
[[nodiscard]] inline contract::Result<Jws, contract::Code> verify_by(const KeyRing& ring,
                                                                     std::string_view jws,
                                                                     std::string_view type,
                                                                     contract::Instant at,
                                                                     std::size_t max_bytes) {
    const auto lookup = [&](const contract::Digest& thumbprint) { return ring.find(thumbprint, at); };
    auto verified = verify(jws, type, lookup, max_bytes);
    if (!verified) return contract::Failure{code_of(verified.error())};
    return std::move(verified).value();
}

}  // namespace kesher::statement
