// A referral as a native system is to have it: what its own adapter holds after it opened a delivery, and
// what an adapter makes of a native record before it sends one.
//
// Plain values, no wire: each native half makes its own format of it, and makes it of that format again. It
// holds no time finer than a day and nobody's name but hers, and hers only where she is `identified`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemas/codec/referral_records.h"
#include "schemas/codec/sealed_record.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"
#include "schemas/statement/statement.h"

namespace kesher::record {

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

// Whether the record says who she is, and whether it says how to reach her: the one place where the
// mappings ask. Silence, once demanded, holds even if the record were made wrongly.
[[nodiscard]] bool shows_identity(const codec::Sealed& sealed);
[[nodiscard]] bool shows_phone(const codec::Sealed& sealed);
[[nodiscard]] bool shows_group(const codec::Sealed& sealed, contract::DataGroup group);

}  // namespace kesher::record
