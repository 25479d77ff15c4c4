// FHIR back to a referral: of our own transaction, or of what a FHIR server made of it.
//
// Used to show that nothing but the declared losses gets lost on the way, and for a health body that refers
// a woman itself. What is not said stands at its safest: a safety flag falls only where the document says
// that all flags that stand are listed.
#pragma once

#include <string_view>

#include "adapters/health/fhir_fault.h"
#include "adapters/record/referral.h"
#include "schemas/contract/result.h"

namespace kesher::health {

using record::Referral;

// A Bundle of any type that holds Patient, ServiceRequest, Task, the two Organizations, and Consent and
// Provenance where there are such, each once; references by fullUrl, or by `Type/id`.
[[nodiscard]] contract::Result<Referral, FhirFaults> read_referral(std::string_view bundle);

// The safety flags of a ServiceRequest. What cannot be read has them all.
[[nodiscard]] codec::Safety read_safety(std::string_view service_request);

}  // namespace kesher::health
