// The record of a consent, its end, and what a recipient did then (domain.md 5.1 and 5.2). To the hub
// alone; the consent's id and the case are claims of the statement and are not repeated here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/codec/referral_records.h"
#include "schemas/codec/words.h"

namespace kesher::codec {

struct HarmVeto {
    contract::OfficerId by;
    HarmTo harm_to = HarmTo::subject;  // a class, never a text
    friend bool operator==(const HarmVeto&, const HarmVeto&) = default;
};

// consent.given.v1: what she agreed to, after its meaning was explained. One recipient exactly.
struct ConsentGiven {
    std::int32_t version = 1;               // of this consent's record, from 1
    GivenState state = GivenState::active;  // `rejected`: she was asked and said no
    Notice notice{};
    contract::Language language = contract::Language::other;  // of the notice
    // Who explained it, on which day; none only for `anonymous-click`.
    std::optional<contract::OfficerId> explained_by{};
    std::optional<std::string> licence{};  // the social worker's, 1 to 32 characters; in this payload alone
    std::optional<contract::Day> explained_at{};
    std::optional<contract::OfficerId> interpreter{};  // her number in the recording body, never her name
    contract::ConsentForm form = contract::ConsentForm::written_ink;
    std::optional<contract::Digest> form_sha256{};  // of the signed form; none only for `anonymous-click`
    Grantor grantor = Grantor::subject;
    // SHA-256 of the court's order, with a guardian and only then: a file number would name her.
    std::optional<contract::Digest> court_order{};
    contract::OrganisationId discloser;
    contract::OrganisationId recipient;         // neither the discloser nor the hub
    std::vector<contract::Purpose> purposes{};  // at least one; not REHEARSAL, not BTG
    std::vector<contract::DataGroup> groups{};
    contract::Direction direction = contract::Direction::out;
    std::vector<contract::Service> services{};
    contract::Day valid_from{};
    contract::Day valid_to{};  // the last day, at most 365 days after valid_from
    contract::LegalBasis legal_basis = contract::LegalBasis::consent;
    std::vector<WithdrawalMethod> withdrawal_method{};  // ways offered, at least one
    std::int32_t retention = 0;                         // days
    Storage storage = Storage::israel;
    std::optional<HarmVeto> harm_veto{};
    friend bool operator==(const ConsentGiven&, const ConsentGiven&) = default;
};

// consent.revoked.v1, to the hub and from it to every organisation that got data. No reason: she owes
// none. Who told us and by which channel stays out of it, because it goes to recipients.
struct ConsentRevoked {
    contract::Day occurred_on{};
    friend bool operator==(const ConsentRevoked&, const ConsentRevoked&) = default;
};

// consent.revocation-acked.v1: at most 7 days after the notice.
struct ConsentRevocationAcked {
    contract::Day occurred_on{};
    RevocationEffect effect = RevocationEffect::stopped;
    std::optional<std::string> law{};  // the statute and section, with retained-by-law and only then
    friend bool operator==(const ConsentRevocationAcked&, const ConsentRevocationAcked&) = default;
};

}  // namespace kesher::codec
