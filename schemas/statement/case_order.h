// The orders of a body about its own cases, in its own signed word (signed_order.h):
//   application/vnd.kesher.case+json        open a case:
//     {"v":1,"log","org","at","id":UUID,"actor":{"id","role"},"anonymous":bool,"door"}
//   application/vnd.kesher.claim-code+json  make a fresh claim code for her, the old one is dead:
//     {"v":1,"log","org","at","pseudonym","actor":{"id","role"}}
//
// What they bring back is her case: a connection's certificate orders neither.
#pragma once

#include <string>

#include "schemas/contract/vocabulary.h"
#include "schemas/statement/signed_order.h"

namespace kesher::statement {

inline constexpr std::string_view kCaseOrderType = "application/vnd.kesher.case+json";
inline constexpr std::string_view kClaimCodeOrderType = "application/vnd.kesher.claim-code+json";

// On whose behalf within the body.
struct OrderingOfficer {
    contract::OfficerId id;
    contract::OfficerRole role;
    friend bool operator==(const OrderingOfficer&, const OrderingOfficer&) = default;
};

struct CaseOrder {
    contract::OrganisationId organisation;
    std::string log;
    contract::Instant at;
    contract::RequestId id;  // the same again finds the same case
    OrderingOfficer officer;
    bool anonymous = false;
    contract::Door door = contract::Door::other;
    friend bool operator==(const CaseOrder&, const CaseOrder&) = default;
};

struct ClaimCodeOrder {
    contract::OrganisationId organisation;
    std::string log;
    contract::Instant at;
    contract::Pseudonym pseudonym;  // the body's own name of the case
    OrderingOfficer officer;
    friend bool operator==(const ClaimCodeOrder&, const ClaimCodeOrder&) = default;
};

// Both throw std::logic_error for an order that would be refused.
[[nodiscard]] std::string sign_case_order(const CaseOrder& order, const Signer& signer);
[[nodiscard]] std::string sign_claim_code_order(const ClaimCodeOrder& order, const Signer& signer);

// certificate_unknown: none of these keys signed it, or the list has run out. signature_invalid: the JWS does
// not hold. statement_invalid: claims break the form or name another body. wrong_log. clock_skew: `at` is
// more than limits::kStatementAgeMax ago or limits::kClockAhead ahead.
[[nodiscard]] contract::Result<VerifiedOrder<CaseOrder>, contract::Code> verify_case_order(
    std::string_view jws, const OrderDemand& demand);
[[nodiscard]] contract::Result<VerifiedOrder<ClaimCodeOrder>, contract::Code> verify_claim_code_order(
    std::string_view jws, const OrderDemand& demand);

}  // namespace kesher::statement
