// What two bodies agree, in four signatures made at their own premises (contract.md 2): one JWS each for
// the proposal, the approvals and the end. cty application/vnd.kesher.agreement+json, claims exactly
//   {"v":1,"id","act","pair":[a,b],"types":[],"purposes":[],"groups":[],"from":day,"to":day,
//    "roots":{a:SPKI SHA-256,b:SPKI SHA-256},"role","approver","proposal"}
// `pair` and the lists are sorted and unique; types and purposes are not empty; days are 2026-11-21, both
// included; digests are base64url. `proposal` is the SHA-256 of the proposal's whole compact text: in approve
// and end, never in propose; all other members repeat the proposal. `role` is LEGAL_ADVISER or
// SECURITY_OFFICER. The pin of a body may be the root that vouches for it.
//
// Signed by the body's pinned root, or by an approver certificate that this root issued and that names the
// body. The claims are fixed, so that certificate travels beside them: POST /v1/agreements takes
//   {"agreement":JWS,"approver":PEM}      ("approver" is absent where the root itself signed)
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/jws.h"

namespace kesher::statement {

enum class AgreementAct : std::uint8_t { propose, approve, end };
inline constexpr contract::ClosedList<AgreementAct, 3> kAgreementActs{{"propose", "approve", "end"}};

struct Agreement {
    contract::AgreementId id;
    AgreementAct act;
    contract::OrganisationId first;  // the pair, first < second
    contract::OrganisationId second;
    std::vector<contract::MessageType> types;  // these three in the wire's order: by spelling
    std::vector<contract::Purpose> purposes;
    std::vector<contract::DataGroup> groups;
    contract::Day from;
    contract::Day to;  // the last day it holds
    contract::Digest first_root;
    contract::Digest second_root;
    contract::OfficerRole role;
    contract::OfficerId approver;
    std::optional<contract::Digest> proposal{};
    friend bool operator==(const Agreement&, const Agreement&) = default;

    // True where all that the four signatures must share is the same.
    [[nodiscard]] bool same_terms(const Agreement& other) const;
};

// Throws std::logic_error for an agreement that verify_agreement would refuse.
[[nodiscard]] std::string sign_agreement(const Agreement& agreement, const Signer& signer, contract::Day iat);

struct VerifiedAgreement {
    Agreement agreement;
    contract::Digest document;     // SHA-256 of the whole compact text: what approvals call `proposal`
    contract::Digest certificate;  // who signed: the root or the approver certificate
};
// `body` is whose word it is said to be, `root` the certificate it enrolled with or is vouched for by.
// key_unpinned: the root is not the one pinned for `body`. certificate_unknown: the approver certificate is
// missing, out of date, or not this root's. signature_invalid, statement_invalid as for a statement.
[[nodiscard]] contract::Result<VerifiedAgreement, contract::Code> verify_agreement(
    std::string_view jws, const contract::OrganisationId& body, const Certificate& root,
    const std::optional<Certificate>& approver, contract::Instant at);

// The body of POST /v1/agreements.
struct AgreementDocument {
    std::string jws;
    std::optional<Certificate> approver;
};
[[nodiscard]] std::string write_agreement_document(const AgreementDocument& document);
[[nodiscard]] contract::Result<AgreementDocument, contract::Code> read_agreement_document(
    std::string_view json);

}  // namespace kesher::statement
