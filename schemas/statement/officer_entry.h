// What one of an organisation's officers may do, in the organisation's own word: compact JWS by a signing
// certificate of its key list in force, cty application/vnd.kesher.officer+json, claims exactly
//   {"v":1,"log":origin,"org":id,"officer":id,"at":int,"roles":[role],"training_valid_until":day,"suspended":bool}
// `at` is when it was signed, in UTC milliseconds and within the day that is `iat`: of two entries of one
// officer the later counts, so that what was said before is not to be had again by handing it in once more.
// `roles` are sorted and unique, and may be none.
//
// A connection's certificate makes no officer: its key may lie on a proxy. For the body and the hub alone: a
// time of day never goes to anybody else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/key_list.h"

namespace kesher::statement {

inline constexpr std::string_view kOfficerType = "application/vnd.kesher.officer+json";

struct OfficerEntry {
    contract::OrganisationId organisation;
    std::string log;
    contract::OfficerId officer;
    contract::Instant at;
    std::vector<contract::OfficerRole> roles;  // in the wire's order: by spelling
    contract::Day training_valid_until;
    bool suspended = false;
    friend bool operator==(const OfficerEntry&, const OfficerEntry&) = default;
};

// Puts the roles in order. Throws std::logic_error for an entry that verify_officer_entry would refuse.
[[nodiscard]] std::string sign_officer_entry(OfficerEntry entry, const Signer& signer);

struct OfficerDemand {
    std::string_view log;
    const KeyList& keys;  // the organisation's newest
    contract::Instant at;
};
struct VerifiedOfficer {
    OfficerEntry entry;
    contract::Digest document;     // SHA-256 of the whole compact text
    contract::Digest certificate;  // who signed
};
// certificate_unknown: none of these keys signed it, or the list has run out. signature_invalid: the JWS does
// not hold. statement_invalid: claims break the form or name another body. wrong_log. clock_skew: `at` is
// more than limits::kStatementAgeMax ago or limits::kClockAhead ahead.
[[nodiscard]] contract::Result<VerifiedOfficer, contract::Code> verify_officer_entry(
    std::string_view jws, const OfficerDemand& demand);

}  // namespace kesher::statement
