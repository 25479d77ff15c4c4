// The tag by which a leaf names whom it is about, readable by nobody without the case's own key.
//
// subject = base64url(HMAC-SHA-256(K_subject, nonce)), nonce = the leaf's 16 random bytes
// (audit-log.md 3.3). No two leaves share a tag; deleting K_subject leaves no way from leaf to case.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "gateway/keys/secret.h"

namespace kesher::keys {

using LeafNonce = std::array<std::uint8_t, 16>;

[[nodiscard]] LeafNonce new_leaf_nonce();  // throws std::runtime_error without randomness
[[nodiscard]] std::string subject_tag(const SubjectKey& key, const LeafNonce& nonce);  // 43 characters

}  // namespace kesher::keys
