// The statement: who asks what of whom, on which basis (contract.md 1). A compact JWS of at most 8 KiB,
// readable by an auditor without the payload and valid after the payload is gone.
//
// The hub checks in the contract's order (contract.md 5), so there are three steps:
//   verify_signature  certificate and signature       too_large, signature_invalid, certificate_unknown
//   peek_identity     who and which id, for the search for an earlier answer, even if the rest is wrong
//   parse_claims      the exact claims of its type    statement_invalid
// Whether log, day, digest and openings fit is for the caller, who has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/key_ring.h"

namespace kesher::statement {

// A claim that a type does not have is empty. `actor` and `case_` are empty in what the hub itself says.
struct Statement {
    std::string log;  // origin of the log it is for: 1-255 printable ASCII characters without space and +
    contract::MessageId id;
    contract::MessageType type;
    contract::OrganisationId from;
    contract::OrganisationId to;
    contract::SchemaFingerprint schema;
    contract::Digest digest;  // SHA-256 of the payload bytes
    std::optional<contract::Digest> actor{};
    std::optional<contract::Digest> case_{};
    std::optional<contract::ReferralId> referral{};
    std::optional<contract::Service> service{};
    std::optional<contract::Purpose> purpose{};
    std::optional<contract::LegalBasis> basis{};
    // In the wire's order: by spelling, each once. May be empty: then the sealed part says nothing of her.
    std::optional<std::vector<contract::DataGroup>> groups{};
    std::optional<contract::ConsentId> consent{};
    bool subject_acts = false;
    std::optional<std::int64_t> expected_version{};  // 0 or more
    std::optional<contract::MessageId> in_reply_to{};
    friend bool operator==(const Statement&, const Statement&) = default;
};

// Sorted by spelling and without repetition, as claims, consents and agreements list groups.
[[nodiscard]] std::vector<contract::DataGroup> in_wire_order(std::vector<contract::DataGroup> groups);

// Compact JSON in the order of contract.md's table. Throws std::logic_error where parse_claims would
// refuse it: we sign nothing that breaks the contract.
[[nodiscard]] std::string write_claims(const Statement& statement);
[[nodiscard]] std::string sign_statement(const Statement& statement, const Signer& signer, contract::Day iat);

// A statement whose signature holds. Only verify_signature makes one.
class VerifiedStatement {
public:
    [[nodiscard]] const contract::OrganisationId& signed_by() const { return signed_by_; }
    [[nodiscard]] const contract::Digest& certificate() const { return jws_.certificate; }
    [[nodiscard]] std::int64_t iat() const { return jws_.iat; }
    [[nodiscard]] const std::string& claims() const { return jws_.payload; }
    // Equal for a repetition, whatever its header and signature: of the second segment as transmitted.
    [[nodiscard]] const contract::Digest& claims_digest() const { return jws_.payload_segment; }
    // Names the statement in the log: of the whole compact text.
    [[nodiscard]] const contract::Digest& statement_digest() const { return jws_.document; }

private:
    friend contract::Result<VerifiedStatement, contract::Code> verify_signature(std::string_view,
                                                                                const KeyRing&,
                                                                                contract::Instant);
    VerifiedStatement(contract::OrganisationId signed_by, Jws jws)
        : signed_by_(std::move(signed_by)), jws_(std::move(jws)) {}
    contract::OrganisationId signed_by_;
    Jws jws_;
};

// `at` judges the certificate's validity: the clock for a fresh statement, the leaf's time for evidence.
[[nodiscard]] contract::Result<VerifiedStatement, contract::Code> verify_signature(std::string_view jws,
                                                                                   const KeyRing& ring,
                                                                                   contract::Instant at);

struct Identity {
    contract::OrganisationId from;
    contract::MessageId id;
};
// nullopt where the claims cannot be read that far, are not in the one spelling (what a leaf says of them,
// whoever reads them with less has to find there), or `from` is not who signed.
[[nodiscard]] std::optional<Identity> peek_identity(const VerifiedStatement& verified);

struct DatedStatement {
    Statement statement;
    contract::Day iat;
};
// Also statement_invalid where `iat` is not the first second of a day, or `from` is not who signed.
[[nodiscard]] contract::Result<DatedStatement, contract::Code> parse_claims(
    const VerifiedStatement& verified);

}  // namespace kesher::statement
