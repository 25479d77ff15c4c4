// How somebody or something new gets in: a case with its claim code, a token for an organisation, and the
// organisation that uses it.
#pragma once

#include <string>

#include "gateway/identity/cases.h"
#include "gateway/identity/organisations.h"
#include "gateway/identity/rooms.h"

namespace kesher::identity {

struct OpenedCase {
    sequencer::Answer answer;
    std::string pseudonym;                  // for the one answer that hands it over; empty where refused
    std::optional<std::string> claim_code;  // the first time only, as it is read aloud
};
[[nodiscard]] OpenedCase open_case(const Rooms& rooms, const Caller& caller, SignedCaseOrder order);

// A fresh claim code for the case that the call names; the one before is dead.
struct RenewedCode {
    sequencer::Answer answer;
    std::optional<std::string> claim_code;  // none where refused
};
[[nodiscard]] RenewedCode renew_claim_code(const Rooms& rooms, const Caller& caller,
                                           const contract::Pseudonym& named, SignedClaimCodeOrder order);

// A token and its file (contract.md 3). The bits are drawn here and stored nowhere.
struct Token {
    contract::Digest digest;
    contract::Instant expires_at;
    std::string file;  // JSON
};
[[nodiscard]] Token draw_token(const Rooms& rooms, const contract::OrganisationId& organisation);

// The body of POST /v1/enrolment.
struct Enrolled {
    std::optional<contract::Code> code;
    bool repeated = false;
    std::string json;
};
[[nodiscard]] Enrolled enrol(const Rooms& rooms, std::string_view body);

}  // namespace kesher::identity
