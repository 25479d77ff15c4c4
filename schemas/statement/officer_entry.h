// What one of an organisation's officers may do, in the organisation's own signed word (signed_order.h):
// cty application/vnd.kesher.officer+json, claims exactly
//   {"v":1,"log":origin,"org":id,"officer":id,"at":int,"roles":[role],"training_valid_until":day,"suspended":bool}
// Of two entries of one officer the later counts, so that what was said before is not to be had again by
// handing it in once more. `roles` are sorted and unique, and may be none.
#pragma once

#include <string>
#include <vector>

#include "schemas/contract/vocabulary.h"
#include "schemas/statement/signed_order.h"

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

// certificate_unknown: none of these keys signed it, or the list has run out. signature_invalid: the JWS does
// not hold. statement_invalid: claims break the form or name another body. wrong_log. clock_skew: `at` is
// more than limits::kStatementAgeMax ago or limits::kClockAhead ahead.
[[nodiscard]] contract::Result<VerifiedOrder<OfficerEntry>, contract::Code> verify_officer_entry(
    std::string_view jws, const OrderDemand& demand);

}  // namespace kesher::statement
