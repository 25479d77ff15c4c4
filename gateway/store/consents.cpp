#include "gateway/store/consents.h"

#include <array>

#include "gateway/store/columns.h"
#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

using namespace contract;

constexpr Statement kFind{"consents_find",
                          "SELECT " KESHER_CONSENT_COLUMNS " FROM consent c WHERE c.id = ANY($1::uuid[])"};
constexpr Statement kFindBySlot{"consents_find_by_slot", "SELECT " KESHER_CONSENT_COLUMNS
                                                         " FROM consent c WHERE c.slot = ANY($1::bytea[])"};
// One by one (LIMIT): joined freely, a small table is read whole by its index.
constexpr Statement kFindByKey{"consents_find_by_key",
                               "SELECT " KESHER_CONSENT_COLUMNS
                               ", k.key, k.idx FROM consent_key k CROSS JOIN LATERAL "
                               "(SELECT * FROM consent WHERE consent.id = k.consent LIMIT 1) c "
                               "WHERE k.key = ANY($1::bytea[])"};
constexpr Statement kFindForms{
    "consent_forms_find",
    "SELECT k.form, k.recipient FROM (SELECT unnest($1::bytea[]) AS form, unnest($2::text[]) AS recipient) k "
    "CROSS JOIN LATERAL (SELECT FROM consent c WHERE c.form_digest = k.form AND c.recipient = k.recipient "
    "LIMIT 1) c"};
constexpr Statement kInsert{
    "consents_insert",
    "INSERT INTO consent (id, idx, recorded_by, discloser, recipient, purposes, groups, services, direction, "
    "valid_from, valid_to, state, form, harm_veto, form_digest, revoked_at, slot, sealed) "
    "SELECT unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), "
    "unnest($5::text[]), unnest($6::text[]), unnest($7::text[]), unnest($8::text[]), unnest($9::text[]), "
    "unnest($10::integer[]), unnest($11::integer[]), unnest($12::text[]), unnest($13::text[]), "
    "unnest($14::boolean[]), unnest($15::bytea[]), unnest($16::bigint[]), unnest($17::bytea[]), "
    "unnest($18::bytea[])"};
constexpr Statement kUpdate{"consents_update",
                            "UPDATE consent c SET state = u.state, revoked_at = u.revoked_at "
                            "FROM (SELECT unnest($1::uuid[]) AS id, unnest($2::text[]) AS state, "
                            "unnest($3::bigint[]) AS revoked_at) u WHERE c.id = u.id"};
constexpr Statement kInsertKeys{"consent_keys_insert",
                                "INSERT INTO consent_key (key, idx, consent) "
                                "SELECT unnest($1::bytea[]), unnest($2::bigint[]), unnest($3::uuid[])"};
constexpr std::array kStatements{kFind, kFindBySlot, kFindByKey, kFindForms, kInsert, kUpdate, kInsertKeys};

Parameters digests(std::span<const Digest> values) {
    BytesColumn column;
    for (const Digest& value : values) column.add(value.view());
    return Parameters{}.column(column);
}

ConsentRow read_consent(const Row& row) {
    consent::Consent consent{.id = stored_id<ConsentId>(row.uuid(0)),
                             .leaf = stored_index(row.bigint(1)),
                             .recorded_by = stored_organisation(row.text(2)),
                             .discloser = stored_organisation(row.text(3)),
                             .recipient = stored_organisation(row.text(4)),
                             .purposes = stored_set(kPurposes, row.text(5), "consent.purposes"),
                             .groups = stored_set(kDataGroups, row.text(6), "consent.groups"),
                             .services = stored_set(kServices, row.text(7), "consent.services"),
                             .direction = stored(kDirections.parse(row.text(8)), "consent.direction"),
                             .valid_from = stored_day(row.integer(9)),
                             .valid_to = stored_day(row.integer(10)),
                             .state = stored(kConsentStates.parse(row.text(11)), "consent.state"),
                             .form = stored(kConsentForms.parse(row.text(12)), "consent.form"),
                             .harm_veto = row.boolean(13)};
    if (!row.null(14)) consent.form_digest = row.digest(14);
    if (const auto at = row.maybe_bigint(15)) consent.revoked_at = stored_instant(*at);
    return {std::move(consent), row.digest(16), row.bytes(17)};
}

}  // namespace

std::span<const Statement> consent_statements() { return kStatements; }

namespace {

Parameters uuids(std::span<const ConsentId> ids) {
    UuidColumn column;
    for (const ConsentId& id : ids) column.add(id.bytes());
    return Parameters{}.column(column);
}

}  // namespace

Position find_consents(Pipeline& pipeline, std::span<const ConsentId> ids) {
    return pipeline.add(kFind, uuids(ids));
}

std::vector<ConsentRow> consents(Connection& connection, std::span<const ConsentId> ids) {
    return read_consents(connection.execute(kFind, uuids(ids)));
}

std::vector<ConsentRow> consents_by_slot(Connection& connection, std::span<const Digest> slots) {
    return read_consents(connection.execute(kFindBySlot, digests(slots)));
}

Position find_consents_by_slot(Pipeline& pipeline, std::span<const Digest> slots) {
    return pipeline.add(kFindBySlot, digests(slots));
}

Position find_consents_by_key(Pipeline& pipeline, std::span<const Digest> keys) {
    return pipeline.add(kFindByKey, digests(keys));
}

std::vector<ConsentRow> read_consents(const Rows& rows) {
    std::vector<ConsentRow> found;
    for (const Row row : rows) found.push_back(read_consent(row));
    return found;
}

std::vector<ConsentByKey> read_consents_by_key(const Rows& rows) {
    std::vector<ConsentByKey> found;
    for (const Row row : rows) {
        ConsentRow consent = read_consent(row);
        const ConsentKeyRow key{row.digest(18), stored_index(row.bigint(19)), consent.consent.id};
        found.push_back({key, std::move(consent)});
    }
    return found;
}

Position find_forms(Pipeline& pipeline, std::span<const FormUse> uses) {
    BytesColumn forms;
    TextColumn recipients;
    for (const FormUse& use : uses) {
        forms.add(use.form.view());
        recipients.add(use.recipient.text());
    }
    return pipeline.add(kFindForms, Parameters{}.column(forms).column(recipients));
}

std::vector<FormUse> read_forms(const Rows& rows) {
    std::vector<FormUse> found;
    for (const Row row : rows) found.push_back({row.digest(0), stored_organisation(row.text(1))});
    return found;
}

void insert_consents(Pipeline& batch, std::span<const ConsentRow> rows) {
    if (rows.empty()) return;
    UuidColumn ids;
    BigintColumn indexes, revoked_at;
    TextColumn recorded_by, disclosers, recipients, purposes, groups, services, directions, states, forms;
    IntegerColumn from, to;
    BooleanColumn vetoes;
    BytesColumn form_digests, slots, sealed;
    for (const ConsentRow& row : rows) {
        const consent::Consent& c = row.consent;
        ids.add(c.id.bytes());
        indexes.add(bigint(c.leaf));
        recorded_by.add(c.recorded_by.text());
        disclosers.add(c.discloser.text());
        recipients.add(c.recipient.text());
        purposes.add(joined(kPurposes, c.purposes));
        groups.add(joined(kDataGroups, c.groups));
        services.add(joined(kServices, c.services));
        directions.add(kDirections.text(c.direction));
        from.add(integer(c.valid_from));
        to.add(integer(c.valid_to));
        states.add(kConsentStates.text(c.state));
        forms.add(kConsentForms.text(c.form));
        vetoes.add(c.harm_veto);
        c.form_digest ? form_digests.add(c.form_digest->view()) : form_digests.add_null();
        c.revoked_at ? revoked_at.add(bigint(*c.revoked_at)) : revoked_at.add_null();
        slots.add(row.slot.view());
        sealed.add(ByteView(row.sealed));
    }
    batch.add(kInsert, Parameters{}
                           .column(ids)
                           .column(indexes)
                           .column(recorded_by)
                           .column(disclosers)
                           .column(recipients)
                           .column(purposes)
                           .column(groups)
                           .column(services)
                           .column(directions)
                           .column(from)
                           .column(to)
                           .column(states)
                           .column(forms)
                           .column(vetoes)
                           .column(form_digests)
                           .column(revoked_at)
                           .column(slots)
                           .column(sealed));
}

void update_consents(Pipeline& batch, std::span<const ConsentRow> rows) {
    if (rows.empty()) return;
    UuidColumn ids;
    TextColumn states;
    BigintColumn revoked_at;
    for (const ConsentRow& row : rows) {
        ids.add(row.consent.id.bytes());
        states.add(kConsentStates.text(row.consent.state));
        row.consent.revoked_at ? revoked_at.add(bigint(*row.consent.revoked_at)) : revoked_at.add_null();
    }
    batch.add(kUpdate, Parameters{}.column(ids).column(states).column(revoked_at));
}

void insert_consent_keys(Pipeline& batch, std::span<const ConsentKeyRow> rows) {
    if (rows.empty()) return;
    BytesColumn keys;
    BigintColumn indexes;
    UuidColumn consents;
    for (const ConsentKeyRow& row : rows) {
        keys.add(row.key.view());
        indexes.add(bigint(row.index));
        consents.add(row.consent.bytes());
    }
    batch.add(kInsertKeys, Parameters{}.column(keys).column(indexes).column(consents));
}

}  // namespace kesher::store
