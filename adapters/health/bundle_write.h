// A referral as one FHIR R4 transaction (IL-Core 0.20 profiles): all of it is taken, or nothing.
//
// POST of each part with `ifNoneExist` on an identifier that the part has for ever, and with a fullUrl that
// follows from the referral: the same delivery again changes nothing on the far side. No Bundle.timestamp,
// no time finer than a day, the sending and the receiving body as Organizations, never a person who works
// there. The patient is masked (tag REDACTED, data-absent-reason `masked`) unless she is `identified`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/record/referral.h"

namespace kesher::health {

using record::Referral;

// In the order of the Bundle's entries, and so of the answer's.
enum class Part { sender, recipient, patient, consent, service_request, task, provenance };
inline constexpr contract::ClosedList<Part, 7> kParts{
    {"sender", "recipient", "patient", "consent", "service_request", "task", "provenance"}};
[[nodiscard]] std::string_view resource_type(Part part);

// All of them; `consent` only where there is one.
[[nodiscard]] std::vector<Part> parts_of(const Referral& referral);

// `urn:uuid:` of version 8, from SHA-256 over the referral's random id and the part: whoever does not know
// the id cannot make it, and two recipients of one case have ids that have nothing to do with each other.
[[nodiscard]] std::string full_url(const contract::ReferralId& referral, Part part);

// What its parts are known by on the far side, for ever.
struct Names {
    contract::ReferralId referral;
    contract::OrganisationId from, to;
    contract::Pseudonym pseudonym;
    std::optional<contract::ConsentId> consent{};
    std::optional<contract::MessageId> message{};  // of the submission
};
[[nodiscard]] Names names_of(const Referral& referral);

// `identifier=urn:ietf:rfc:3986%7Curn:uuid:…`, percent-encoded: also how to look for the part later.
// `names` has what the part is known by.
[[nodiscard]] std::string condition(const Names& names, Part part);
[[nodiscard]] std::string condition(const Referral& referral, Part part);

// The Bundle's text. What may not be shown is left out whatever the record holds (referral.h).
[[nodiscard]] std::string transaction_bundle(const Referral& referral);

}  // namespace kesher::health
