// A referral as the health system is to have it: what its own adapter holds after it opened a delivery.
//
// Plain values, no wire: bundle_write.h makes FHIR of it, referral_read.h makes it of FHIR again. It holds
// no time finer than a day and nobody's name but hers, and hers only where she is `identified`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/codec/referral_records.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/statement.h"

namespace kesher::health {

struct Referral {
    contract::MessageId message;
    contract::ReferralId referral;
    contract::OrganisationId from;
    contract::OrganisationId to;
    contract::Pseudonym pseudonym;  // the recipient's own: one per referral
    contract::Service service;
    contract::Purpose purpose;
    contract::LegalBasis basis;
    std::vector<contract::DataGroup> groups;       // sorted by word
    std::optional<contract::ConsentId> consent{};  // none exactly where the basis stands without
    contract::Priority priority = contract::Priority::routine;
    contract::Language language = contract::Language::other;
    contract::Day occurred_on{};
    codec::Sealed sealed{};
    std::string statement{};  // the compact JWS, as evidence
    friend bool operator==(const Referral&, const Referral&) = default;
};

// None where the statement is no referral.submitted.v1.
[[nodiscard]] std::optional<Referral> referral_of(const statement::Statement& said,
                                                  const codec::ReferralSubmitted& payload,
                                                  codec::Sealed sealed, const contract::Pseudonym& pseudonym,
                                                  std::string jws);

// What FHIR does not carry: shown to the referrer before sending (domain.md 11.0). Never a safety flag.
struct Loss {
    std::string_view field;  // as in Sealed.v1
    std::string_view he, en;
};
[[nodiscard]] std::span<const Loss> declared_losses();

// What arrives where everything arrives that FHIR carries: the referral minus its declared losses. Used to
// show the referrer what will be seen, and by the tests to compare with.
[[nodiscard]] Referral minus_losses(Referral referral);

// Whether the record says who she is, and whether it says how to reach her: the one place where the
// mapping asks. Silence, once demanded, holds even if the record were made wrongly.
[[nodiscard]] bool shows_identity(const codec::Sealed& sealed);
[[nodiscard]] bool shows_phone(const codec::Sealed& sealed);
[[nodiscard]] bool shows_group(const codec::Sealed& sealed, contract::DataGroup group);

}  // namespace kesher::health
