// Consents as the rules need them, found by the case's own keys (gateway/keys/pseudonyms.h).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gateway/consent/consent.h"
#include "gateway/store/connection.h"
#include "gateway/store/pipeline.h"

namespace kesher::store {

struct ConsentRow {
    consent::Consent consent;
    contract::Digest slot;   // its place among the case's consents
    contract::Bytes sealed;  // the case's secrets, bound to this row
};

// One row a purpose: (case, discloser, recipient, purpose) under K_lookup.
struct ConsentKeyRow {
    contract::Digest key;
    contract::LeafIndex index;
    contract::ConsentId consent;
};

[[nodiscard]] std::span<const Statement> consent_statements();

Position find_consents(Pipeline& pipeline, std::span<const contract::ConsentId> ids);
Position find_consents_by_slot(Pipeline& pipeline, std::span<const contract::Digest> slots);
// The consents that any of the keys leads to, with the key that led there: one that has two is found twice.
Position find_consents_by_key(Pipeline& pipeline, std::span<const contract::Digest> keys);
struct ConsentByKey {
    ConsentKeyRow key;
    ConsentRow row;
};
[[nodiscard]] std::vector<ConsentByKey> read_consents_by_key(const Rows& rows);
[[nodiscard]] std::vector<ConsentRow> read_consents(const Rows& rows);
[[nodiscard]] std::vector<ConsentRow> consents(Connection& connection,
                                               std::span<const contract::ConsentId> ids);
[[nodiscard]] std::vector<ConsentRow> consents_by_slot(Connection& connection,
                                                       std::span<const contract::Digest> slots);

// A signed form is one person's, so it is looked for over all cases.
struct FormUse {
    contract::Digest form;
    contract::OrganisationId recipient;
    friend auto operator<=>(const FormUse&, const FormUse&) = default;
};
Position find_forms(Pipeline& pipeline, std::span<const FormUse> uses);
[[nodiscard]] std::vector<FormUse> read_forms(const Rows& rows);

// New ones; and of stored ones what may change: state and revoked_at.
void insert_consents(Pipeline& batch, std::span<const ConsentRow> rows);
void update_consents(Pipeline& batch, std::span<const ConsentRow> rows);
void insert_consent_keys(Pipeline& batch, std::span<const ConsentKeyRow> rows);

}  // namespace kesher::store
