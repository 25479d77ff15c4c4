// Who takes part, told again from the leaves alone: what organisation, tls_certificate, key_list, profile,
// officer, officer_document, agreement_act and enrolment_token must hold.
#pragma once

#include <map>
#include <optional>

#include "gateway/sequencer/said.h"
#include "gateway/store/organisations.h"

namespace kesher::sequencer {

class RetoldParties {
public:
    // Leaves in the order of the log; those about others are passed over.
    void take(const Said& said);
    // Throws LogBroken where a row differs, is gone, or is one that no leaf tells of.
    void require_same(const store::StoredRegistry& stored) const;

private:
    struct Party {
        contract::OrganisationKind kind{};
        contract::OrganisationStatus status{};
        std::optional<contract::Digest> root{};
        std::optional<contract::Digest> root_certificate{};  // of the PEM text
        std::optional<contract::Digest> witness{};           // of the vkey
        std::int64_t keys_ended = 0;
        bool confirmed = false;
        contract::LeafIndex keys_from{};
        contract::LeafIndex by{};
    };
    struct Certificate {
        contract::OrganisationId organisation;
        contract::Instant not_after;
        bool ended = false;
        contract::LeafIndex by{};
    };
    struct KeyList {
        contract::OrganisationId organisation;
        std::int64_t serial = 0;
        contract::Digest jws;
        contract::LeafIndex by{};
    };
    struct Profile {
        std::int64_t keys = 0;
        std::int64_t serial = 0;
        contract::Digest jws;
        contract::LeafIndex by{};
    };
    struct Act {
        contract::Instant at;
        contract::AgreementId agreement;
        contract::OrganisationId organisation;
        contract::Digest jws;
        std::optional<contract::Digest> certificate;
    };
    struct Token {
        contract::OrganisationId organisation;
        contract::Instant expires_at;
        bool confirmed = false;
        std::optional<contract::Digest> request{};
        std::optional<contract::Digest> answer{};
        bool frozen = false;
        contract::LeafIndex by{};
    };

    void take_organisation(const Said& said);
    void take_addition(const Said& said, const contract::OrganisationId& id);
    void take_profile(const Said& said);
    void take_enrolment(const Said& said, const contract::OrganisationId& id);
    void take_keys(const Said& said);
    void take_officer(const Said& said);
    void take_act(const Said& said);
    [[nodiscard]] Token& token(const Said& said);

    void require_organisations(const std::vector<store::OrganisationRow>& rows) const;
    void require_certificates(const std::vector<store::TlsCertificateRow>& rows) const;
    void require_key_lists(const std::vector<store::KeyListRow>& rows) const;
    void require_profiles(const std::vector<store::ProfileRow>& rows) const;
    void require_officers(const std::vector<store::OfficerRow>& rows) const;
    void require_officer_documents(const std::vector<store::OfficerDocumentRow>& rows) const;
    void require_acts(const std::vector<store::AgreementActRow>& rows) const;
    void require_tokens(const std::vector<store::TokenRow>& rows) const;

    std::map<contract::OrganisationId, Party> parties_;
    std::map<contract::Digest, Certificate> certificates_;
    std::map<contract::LeafIndex, KeyList> key_lists_;      // every one: what it names is over with it
    std::map<contract::OrganisationId, Profile> profiles_;  // the last
    std::map<std::pair<contract::OrganisationId, contract::OfficerId>, store::OfficerRow> officers_;
    std::map<contract::LeafIndex, Act> acts_;
    std::map<contract::Digest, Token> tokens_;
};

}  // namespace kesher::sequencer
