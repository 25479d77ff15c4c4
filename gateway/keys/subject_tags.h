// The tag by which a leaf names whom it is about, readable by nobody without the case's own key.
//
// HMAC-SHA-256(K_subject, nonce), nonce = the leaf's 16 random bytes (audit-log.md 3.3), as
// audit/log computes it; the record writes it in base64url. No two leaves share a tag; deleting K_subject
// leaves no way from leaf to case.
#pragma once

#include <array>
#include <cstdint>

#include "gateway/keys/secret.h"

namespace kesher::keys {

using LeafNonce = std::array<std::uint8_t, 16>;

[[nodiscard]] LeafNonce new_leaf_nonce();  // throws without randomness
[[nodiscard]] contract::Digest subject_tag(const SubjectKey& key, const LeafNonce& nonce);

}  // namespace kesher::keys
