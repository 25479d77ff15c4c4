// Who takes part: organisations, their TLS certificates, key lists, officers, agreements, tokens.
//
// All of it is loaded once at start into the sequencer's registry; while the hub runs only changes
// are written. Documents (key lists, profiles, officers' entries, agreement acts) are kept as they were
// signed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/store/connection.h"
#include "gateway/store/pipeline.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::store {

struct OrganisationRow {
    contract::OrganisationId id;
    contract::OrganisationKind kind = contract::OrganisationKind::public_body;
    contract::OrganisationStatus status = contract::OrganisationStatus::pending;
    std::optional<std::string> root_pem;  // none until enrolled
    std::optional<contract::Digest> root_spki;
    std::optional<std::string> witness;  // C2SP vkey
    std::optional<contract::OrganisationId> desk_of;
    contract::LeafIndex changed{};
    std::int64_t keys_ended = 0;      // key lists up to this serial are over before their time
    bool confirmed = false;           // its root was once compared over another channel
    contract::LeafIndex keys_from{};  // what was signed before this leaf was under a root that was replaced
};

struct TlsCertificateRow {
    contract::Digest fingerprint;  // SHA-256 of the DER
    contract::OrganisationId organisation;
    contract::Instant not_after;
    bool ended = false;
};

struct KeyListRow {
    contract::OrganisationId organisation;
    std::int64_t serial = 0;
    std::string jws;
    contract::LeafIndex index{};
};

// What its adapter reads and honours (schemas/statement/profile.h).
struct ProfileRow {
    contract::OrganisationId organisation;
    std::int64_t keys = 0;
    std::int64_t serial = 0;
    std::string jws;
    contract::LeafIndex index{};
};

struct OfficerRow {
    contract::OrganisationId organisation;
    contract::OfficerId id;
    std::vector<contract::OfficerRole> roles;
    contract::Day training_valid_until;
    bool suspended = false;
    contract::LeafIndex index{};
    // Of the document that says so (schemas/statement/officer_entry.h); none where nobody had to sign yet.
    std::optional<contract::Instant> signed_at{};
    std::optional<contract::Digest> document{};
};
struct OfficerDocumentRow {
    contract::OrganisationId organisation;
    contract::OfficerId officer;
    std::string jws;
    contract::LeafIndex index{};
};

struct AgreementActRow {
    contract::LeafIndex index{};
    contract::Instant at;  // of its decision: what was valid then stays valid
    contract::AgreementId agreement;
    contract::OrganisationId organisation;  // whose act it is
    std::string jws;
    std::optional<std::string> certificate;  // of the approver, where the root did not sign itself
};

struct TokenRow {
    contract::Digest digest;  // of the token's 128 bits: the bits themselves are never stored
    contract::OrganisationId organisation;
    contract::Instant expires_at;
    bool confirmed = false;                   // makes an active organisation: the operator's own first token
    std::optional<contract::Digest> request;  // of the request that used it
    std::optional<std::string> answer;
    bool frozen = false;
};

[[nodiscard]] std::span<const Statement> organisation_statements();

struct StoredRegistry {
    std::vector<OrganisationRow> organisations;
    std::vector<TlsCertificateRow> certificates;
    std::vector<KeyListRow> key_lists;       // the newest of each organisation
    std::vector<KeyListRow> past_key_lists;  // all before it
    std::vector<ProfileRow> profiles;        // the newest of each organisation
    std::vector<OfficerRow> officers;
    std::vector<OfficerDocumentRow> officer_documents;  // the newest of each officer
    std::vector<AgreementActRow> agreement_acts;        // in the order of the log
    std::vector<TokenRow> tokens;
};
[[nodiscard]] StoredRegistry load_registry(Connection& connection);

// Insert, or replace by key.
void put_organisations(Pipeline& batch, std::span<const OrganisationRow> rows);
void put_tls_certificates(Pipeline& batch, std::span<const TlsCertificateRow> rows);
void put_officers(Pipeline& batch, std::span<const OfficerRow> rows);
void put_tokens(Pipeline& batch, std::span<const TokenRow> rows);
// Insert only.
void insert_key_lists(Pipeline& batch, std::span<const KeyListRow> rows);
void insert_profiles(Pipeline& batch, std::span<const ProfileRow> rows);
void insert_officer_documents(Pipeline& batch, std::span<const OfficerDocumentRow> rows);
void insert_agreement_acts(Pipeline& batch, std::span<const AgreementActRow> rows);

}  // namespace kesher::store
