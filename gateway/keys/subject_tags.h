// The tag by which a leaf names whom it is about, readable by nobody without the case's own key.
//
// HMAC-SHA-256(K_subject, nonce), nonce = the leaf's 16 random bytes (audit-log.md 3.3), computed
// in audit/log; the record writes it in base64url. No two leaves share a tag; deleting K_subject
// leaves no way from leaf to case.
#pragma once

#include "audit/log/record.h"
#include "gateway/keys/secret.h"

namespace kesher::keys {

[[nodiscard]] log::Nonce new_leaf_nonce();  // throws without randomness
// log::subject_tag() for the key as sealed_store.h keeps it.
[[nodiscard]] contract::Digest subject_tag(const SubjectKey& key, const log::Nonce& nonce);
// How a leaf names what a row beside the log holds of a case, HMAC-SHA-256 under K_subject of a label and the
// value: it tells nothing about the value, and without K_subject it leads from no leaf to a row.
// "kesher.claim-tag.v1" ‖ a claim code's stored form
[[nodiscard]] contract::Digest claim_tag(const SubjectKey& key, const contract::Digest& stored_claim);
// "kesher.request-tag.v1" ‖ the id under which a body opened the case
[[nodiscard]] contract::Digest request_tag(const SubjectKey& key, const contract::RequestId& request);

}  // namespace kesher::keys
