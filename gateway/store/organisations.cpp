#include "gateway/store/organisations.h"

#include <array>

#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

using namespace contract;

constexpr Statement kOrganisations{"organisations_all",
                                   "SELECT id, kind, status, root_pem, root_spki, witness, desk_of, "
                                   "changed_idx, keys_ended, confirmed, keys_from FROM organisation "
                                   "ORDER BY id"};
constexpr Statement kCertificates{"tls_certificates_all",
                                  "SELECT fingerprint, organisation, not_after, ended FROM tls_certificate"};
constexpr Statement kKeyLists{
    "key_lists_all", "SELECT organisation, serial, jws, idx FROM key_list ORDER BY organisation, idx DESC"};
constexpr Statement kProfiles{
    "profiles_newest",
    "SELECT DISTINCT ON (organisation) organisation, keys, serial, jws, idx FROM profile "
    "ORDER BY organisation, idx DESC"};
constexpr Statement kOfficers{
    "officers_all",
    "SELECT organisation, id, roles, training_valid_until, suspended, idx, signed_at, document FROM officer"};
constexpr Statement kOfficerDocuments{
    "officer_documents_newest",
    "SELECT DISTINCT ON (organisation, officer) organisation, officer, jws, idx FROM officer_document "
    "ORDER BY organisation, officer, idx DESC"};
constexpr Statement kActs{
    "agreement_acts_all",
    "SELECT idx, at, agreement, organisation, jws, certificate FROM agreement_act ORDER BY idx"};
constexpr Statement kTokens{
    "tokens_all",
    "SELECT digest, organisation, expires_at, confirmed, request, answer, frozen FROM enrolment_token"};
constexpr Statement kPutOrganisations{
    "organisations_put",
    "INSERT INTO organisation (id, kind, status, root_pem, root_spki, witness, desk_of, changed_idx, "
    "keys_ended, confirmed, keys_from) "
    "SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], "
    "$7::text[], "
    "$8::bigint[], $9::bigint[], $10::boolean[], $11::bigint[]) "
    "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, status = excluded.status, "
    "root_pem = excluded.root_pem, root_spki = excluded.root_spki, witness = excluded.witness, "
    "desk_of = excluded.desk_of, changed_idx = excluded.changed_idx, "
    "keys_ended = excluded.keys_ended, confirmed = excluded.confirmed, keys_from = excluded.keys_from"};
constexpr Statement kPutCertificates{
    "tls_certificates_put",
    "INSERT INTO tls_certificate (fingerprint, organisation, not_after, ended) "
    "SELECT * FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::boolean[]) "
    "ON CONFLICT (fingerprint) DO UPDATE SET ended = excluded.ended"};
constexpr Statement kPutOfficers{
    "officers_put",
    "INSERT INTO officer (organisation, id, roles, training_valid_until, suspended, idx, signed_at, "
    "document) "
    "SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::boolean[], $6::bigint[], "
    "$7::bigint[], $8::bytea[]) ON CONFLICT (organisation, id) DO UPDATE SET roles = excluded.roles, "
    "training_valid_until = excluded.training_valid_until, suspended = excluded.suspended, "
    "idx = excluded.idx, signed_at = excluded.signed_at, document = excluded.document"};
constexpr Statement kPutTokens{
    "tokens_put",
    "INSERT INTO enrolment_token (digest, organisation, expires_at, confirmed, request, answer, frozen) "
    "SELECT * FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::boolean[], $5::bytea[], $6::text[], "
    "$7::boolean[]) ON CONFLICT (digest) DO UPDATE SET request = excluded.request, answer = excluded.answer, "
    "frozen = excluded.frozen"};
constexpr Statement kInsertKeyLists{
    "key_lists_insert",
    "INSERT INTO key_list (organisation, serial, jws, idx) "
    "SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[])"};
constexpr Statement kInsertProfiles{
    "profiles_insert",
    "INSERT INTO profile (organisation, keys, serial, jws, idx) "
    "SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[])"};
constexpr Statement kInsertOfficerDocuments{
    "officer_documents_insert",
    "INSERT INTO officer_document (organisation, officer, jws, idx) "
    "SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])"};
constexpr Statement kInsertActs{
    "agreement_acts_insert",
    "INSERT INTO agreement_act (idx, at, agreement, organisation, jws, certificate) "
    "SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[])"};
constexpr std::array kStatements{kOrganisations, kCertificates,   kKeyLists,         kOfficers,
                                 kActs,          kTokens,         kPutOrganisations, kPutCertificates,
                                 kPutOfficers,   kPutTokens,      kInsertKeyLists,   kInsertActs,
                                 kProfiles,      kInsertProfiles, kOfficerDocuments, kInsertOfficerDocuments};

template <class T>
void add_digest(BytesColumn& column, const std::optional<T>& digest) {
    digest ? column.add(digest->view()) : column.add_null();
}
std::optional<Digest> maybe_digest(const Row& row, std::size_t column) {
    if (row.null(column)) return std::nullopt;
    return row.digest(column);
}

OrganisationRow read_organisation(const Row& row) {
    std::optional<OrganisationId> desk_of;
    if (const auto text = row.maybe_text(6)) desk_of = stored_organisation(*text);
    return {stored_organisation(row.text(0)),
            stored(kOrganisationKinds.parse(row.text(1)), "organisation.kind"),
            stored(kOrganisationStatuses.parse(row.text(2)), "organisation.status"),
            row.maybe_text(3),
            maybe_digest(row, 4),
            row.maybe_text(5),
            desk_of,
            stored_index(row.bigint(7)),
            row.bigint(8),
            row.boolean(9),
            stored_index(row.bigint(10))};
}

OfficerRow read_officer(const Row& row) {
    return {stored_organisation(row.text(0)),
            stored(OfficerId::parse(row.text(1)), "officer.id"),
            stored_list(kOfficerRoles, row.text(2), "officer.roles"),
            stored_day(row.integer(3)),
            row.boolean(4),
            stored_index(row.bigint(5)),
            row.null(6) ? std::nullopt : std::optional(stored_instant(row.bigint(6))),
            maybe_digest(row, 7)};
}

}  // namespace

std::span<const Statement> organisation_statements() { return kStatements; }

StoredRegistry load_registry(Connection& connection) {
    StoredRegistry all;
    for (const Row row : connection.execute(kOrganisations))
        all.organisations.push_back(read_organisation(row));
    for (const Row row : connection.execute(kCertificates)) {
        all.certificates.push_back(
            {row.digest(0), stored_organisation(row.text(1)), stored_instant(row.bigint(2)), row.boolean(3)});
    }
    for (const Row row : connection.execute(kKeyLists)) {
        KeyListRow list{stored_organisation(row.text(0)), row.bigint(1), row.text(2),
                        stored_index(row.bigint(3))};
        const bool followed =
            !all.key_lists.empty() && all.key_lists.back().organisation == list.organisation;
        (followed ? all.past_key_lists : all.key_lists).push_back(std::move(list));
    }
    for (const Row row : connection.execute(kProfiles)) {
        all.profiles.push_back({stored_organisation(row.text(0)), row.bigint(1), row.bigint(2), row.text(3),
                                stored_index(row.bigint(4))});
    }
    for (const Row row : connection.execute(kOfficers)) all.officers.push_back(read_officer(row));
    for (const Row row : connection.execute(kOfficerDocuments)) {
        all.officer_documents.push_back({stored_organisation(row.text(0)),
                                         stored(OfficerId::parse(row.text(1)), "officer_document.officer"),
                                         row.text(2), stored_index(row.bigint(3))});
    }
    for (const Row row : connection.execute(kActs)) {
        all.agreement_acts.push_back({stored_index(row.bigint(0)), stored_instant(row.bigint(1)),
                                      stored_id<AgreementId>(row.uuid(2)), stored_organisation(row.text(3)),
                                      row.text(4), row.maybe_text(5)});
    }
    for (const Row row : connection.execute(kTokens)) {
        all.tokens.push_back({row.digest(0), stored_organisation(row.text(1)), stored_instant(row.bigint(2)),
                              row.boolean(3), maybe_digest(row, 4), row.maybe_text(5), row.boolean(6)});
    }
    return all;
}

void put_organisations(Pipeline& batch, std::span<const OrganisationRow> rows) {
    if (rows.empty()) return;
    TextColumn ids, kinds, statuses, roots, witnesses, desks;
    BytesColumn spkis;
    BigintColumn changed, keys_ended, keys_from;
    BooleanColumn confirmed;
    for (const OrganisationRow& row : rows) {
        ids.add(row.id.text());
        kinds.add(kOrganisationKinds.text(row.kind));
        statuses.add(kOrganisationStatuses.text(row.status));
        roots.add(row.root_pem);
        add_digest(spkis, row.root_spki);
        witnesses.add(row.witness);
        row.desk_of ? desks.add(row.desk_of->text()) : desks.add_null();
        changed.add(bigint(row.changed));
        keys_ended.add(row.keys_ended);
        confirmed.add(row.confirmed);
        keys_from.add(bigint(row.keys_from));
    }
    batch.add(kPutOrganisations, Parameters{}
                                     .column(ids)
                                     .column(kinds)
                                     .column(statuses)
                                     .column(roots)
                                     .column(spkis)
                                     .column(witnesses)
                                     .column(desks)
                                     .column(changed)
                                     .column(keys_ended)
                                     .column(confirmed)
                                     .column(keys_from));
}

void put_tls_certificates(Pipeline& batch, std::span<const TlsCertificateRow> rows) {
    if (rows.empty()) return;
    BytesColumn fingerprints;
    TextColumn organisations;
    BigintColumn not_after;
    BooleanColumn ended;
    for (const TlsCertificateRow& row : rows) {
        fingerprints.add(row.fingerprint.view());
        organisations.add(row.organisation.text());
        not_after.add(bigint(row.not_after));
        ended.add(row.ended);
    }
    batch.add(kPutCertificates,
              Parameters{}.column(fingerprints).column(organisations).column(not_after).column(ended));
}

void put_officers(Pipeline& batch, std::span<const OfficerRow> rows) {
    if (rows.empty()) return;
    TextColumn organisations, ids, roles;
    IntegerColumn training;
    BooleanColumn suspended;
    BigintColumn indexes, signed_at;
    BytesColumn documents;
    std::vector<std::string> words;
    words.reserve(rows.size());
    for (const OfficerRow& row : rows) {
        organisations.add(row.organisation.text());
        ids.add(row.id.text());
        words.push_back(joined(kOfficerRoles, row.roles));
        roles.add(words.back());
        training.add(integer(row.training_valid_until));
        suspended.add(row.suspended);
        indexes.add(bigint(row.index));
        row.signed_at ? signed_at.add(bigint(*row.signed_at)) : signed_at.add_null();
        add_digest(documents, row.document);
    }
    batch.add(kPutOfficers, Parameters{}
                                .column(organisations)
                                .column(ids)
                                .column(roles)
                                .column(training)
                                .column(suspended)
                                .column(indexes)
                                .column(signed_at)
                                .column(documents));
}

void put_tokens(Pipeline& batch, std::span<const TokenRow> rows) {
    if (rows.empty()) return;
    BytesColumn digests, requests;
    TextColumn organisations, answers;
    BigintColumn expires;
    BooleanColumn confirmed, frozen;
    for (const TokenRow& row : rows) {
        digests.add(row.digest.view());
        organisations.add(row.organisation.text());
        expires.add(bigint(row.expires_at));
        confirmed.add(row.confirmed);
        add_digest(requests, row.request);
        answers.add(row.answer);
        frozen.add(row.frozen);
    }
    batch.add(kPutTokens, Parameters{}
                              .column(digests)
                              .column(organisations)
                              .column(expires)
                              .column(confirmed)
                              .column(requests)
                              .column(answers)
                              .column(frozen));
}

void insert_key_lists(Pipeline& batch, std::span<const KeyListRow> rows) {
    if (rows.empty()) return;
    TextColumn organisations, documents;
    BigintColumn serials, indexes;
    for (const KeyListRow& row : rows) {
        organisations.add(row.organisation.text());
        serials.add(row.serial);
        documents.add(row.jws);
        indexes.add(bigint(row.index));
    }
    batch.add(kInsertKeyLists,
              Parameters{}.column(organisations).column(serials).column(documents).column(indexes));
}

void insert_profiles(Pipeline& batch, std::span<const ProfileRow> rows) {
    if (rows.empty()) return;
    TextColumn organisations, documents;
    BigintColumn keys, serials, indexes;
    for (const ProfileRow& row : rows) {
        organisations.add(row.organisation.text());
        keys.add(row.keys);
        serials.add(row.serial);
        documents.add(row.jws);
        indexes.add(bigint(row.index));
    }
    batch.add(
        kInsertProfiles,
        Parameters{}.column(organisations).column(keys).column(serials).column(documents).column(indexes));
}

void insert_officer_documents(Pipeline& batch, std::span<const OfficerDocumentRow> rows) {
    if (rows.empty()) return;
    TextColumn organisations, officers, documents;
    BigintColumn indexes;
    for (const OfficerDocumentRow& row : rows) {
        organisations.add(row.organisation.text());
        officers.add(row.officer.text());
        documents.add(row.jws);
        indexes.add(bigint(row.index));
    }
    batch.add(kInsertOfficerDocuments,
              Parameters{}.column(organisations).column(officers).column(documents).column(indexes));
}

void insert_agreement_acts(Pipeline& batch, std::span<const AgreementActRow> rows) {
    if (rows.empty()) return;
    BigintColumn indexes, at;
    UuidColumn agreements;
    TextColumn organisations, documents, certificates;
    for (const AgreementActRow& row : rows) {
        indexes.add(bigint(row.index));
        at.add(bigint(row.at));
        agreements.add(row.agreement.bytes());
        organisations.add(row.organisation.text());
        documents.add(row.jws);
        certificates.add(row.certificate);
    }
    batch.add(kInsertActs, Parameters{}
                               .column(indexes)
                               .column(at)
                               .column(agreements)
                               .column(organisations)
                               .column(documents)
                               .column(certificates));
}

}  // namespace kesher::store
