// Names of code systems, profiles and codes, as FHIR R4, IL-Core 0.20 and SDOH Clinical Care 3.0 have them,
// and our own where none of them has one.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schemas/contract/vocabulary.h"

namespace kesher::health {

struct Coding {
    std::string_view system, code;
    std::string_view display{};
    friend bool operator==(const Coding&, const Coding&) = default;
};

namespace systems {
// Ours.
inline constexpr std::string_view kPseudonym = "urn:kesher:pseudonym";
inline constexpr std::string_view kOrganisation = "urn:kesher:organisation";
inline constexpr std::string_view kMessage = "urn:kesher:message";
inline constexpr std::string_view kService = "urn:kesher:service";
inline constexpr std::string_view kPurpose = "urn:kesher:purpose";
inline constexpr std::string_view kLegalBasis = "urn:kesher:legal-basis";
inline constexpr std::string_view kDataGroup = "urn:kesher:data-group";
inline constexpr std::string_view kSafetyFlag = "urn:kesher:safety-flag";
inline constexpr std::string_view kKnownBy = "urn:kesher:known-by";
inline constexpr std::string_view kInput = "urn:kesher:input";
inline constexpr std::string_view kReason = "urn:kesher:reason";
inline constexpr std::string_view kOutcome = "urn:kesher:outcome";
inline constexpr std::string_view kEvent = "urn:kesher:event";
inline constexpr std::string_view kSafeChannel = "urn:kesher:safe-channel";  // an extension, as the next
inline constexpr std::string_view kSafeHours = "urn:kesher:safe-hours";
// Of others.
inline constexpr std::string_view kUuid = "urn:ietf:rfc:3986";
inline constexpr std::string_view kLanguage = "urn:ietf:bcp:47";
inline constexpr std::string_view kIlId = "http://fhir.health.gov.il/identifier/il-national-id";
inline constexpr std::string_view kMohService = "http://fhir.health.gov.il/cs/medical-service-moh";
inline constexpr std::string_view kMohInstitution = "http://fhir.health.gov.il/cs/institution-type-moh";
inline constexpr std::string_view kSnomed = "http://snomed.info/sct";
inline constexpr std::string_view kLoinc = "http://loinc.org";
inline constexpr std::string_view kSdohCc =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
inline constexpr std::string_view kActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
inline constexpr std::string_view kConfidentiality =
    "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
inline constexpr std::string_view kObservationValue =
    "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
inline constexpr std::string_view kConsentScope = "http://terminology.hl7.org/CodeSystem/consentscope";
inline constexpr std::string_view kParticipation =
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
inline constexpr std::string_view kTaskCode = "http://hl7.org/fhir/CodeSystem/task-code";
inline constexpr std::string_view kProvenanceAgent =
    "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
inline constexpr std::string_view kSignatureType = "urn:iso-astm:E1762-95:2013";
}  // namespace systems

inline constexpr std::string_view kDataAbsent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
inline constexpr std::string_view kIlCore = "http://fhir.health.gov.il/StructureDefinition/il-core-";

// The SDOH CC word for contact-prohibited (ServiceRequest.orderDetail).
inline constexpr Coding kContactingProhibited{systems::kSdohCc, "contacting-subject-prohibited",
                                              "Contacting Subject Prohibited"};
// Task.code of a referral, ours and SDOH CC's.
inline constexpr Coding kFulfill{systems::kTaskCode, "fulfill", "Fulfill the focal request"};
// Says that every flag that stands is listed. Where it is missing, all stand.
inline constexpr Coding kFlagsStated{systems::kSafetyFlag, "stated",
                                     "All safety flags that stand are listed"};

// What stands where nothing is to be said; and the label of what says nothing.
inline constexpr Coding kMasked{"http://terminology.hl7.org/CodeSystem/data-absent-reason", "masked",
                                "Masked"};
inline constexpr Coding kRestricted{systems::kConfidentiality, "R", "restricted"};

// IL-Core's service category, of which at least one must stand (required binding, with display).
[[nodiscard]] Coding category_of(contract::Service service);
// The Ministry of Health's code where there is a true one. Not L0834 (day treatment of CPTSD), which would
// say a diagnosis that nobody made, nor L0842 (remote), which nobody asked for.
[[nodiscard]] std::optional<Coding> moh_service_of(contract::Service service);
// For withdrawal treatment: the kinds of licensed institutions (15, 16).
[[nodiscard]] std::span<const Coding> moh_institutions_of(contract::Service service);

// Sensitivity of service and data groups, ActCode labels first, then one of confidentiality (R or N).
[[nodiscard]] std::vector<Coding> security_labels(contract::Service service,
                                                  std::span<const contract::DataGroup> groups);

}  // namespace kesher::health
