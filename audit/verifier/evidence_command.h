// kesher-verify evidence: who said what to whom, on which basis, proven by the sender's own signature.
//
// The certificate is judged on the statement's own day, not today's: evidence outlives the keys it was made
// with. What is found holds no data about a person: the statement has none but commitments.
#pragma once

#include <optional>
#include <string>

#include "audit/verifier/finding.h"

namespace kesher::verifier {

struct EvidenceQuestion {
    std::string statement;            // files: a compact JWS. Either this
    std::optional<std::string> acks;  // or what a recipient acknowledged (JWS), with the `leaf` of one of it
    std::string keys;                 // the sender's key list (JWS), or its signing certificate (PEM)
    std::optional<std::string> root;  // PEM; a key list needs it
    std::optional<std::string> root_pin;  // base64url SHA-256 of the root's SPKI, as the agreement has it
    std::optional<std::string> payload;   // the bytes sent; without them only the statement is judged
    std::optional<std::string> leaf;      // the log's entry about it: its record says what was signed
    std::optional<std::string> log;       // the log's name, which what was signed must have
};

// Refusals are named by the exchange's published codes: `signature_invalid: the statement's signature ...`.
[[nodiscard]] OrUsage<Finding> check_evidence(const EvidenceQuestion& question);

}  // namespace kesher::verifier
