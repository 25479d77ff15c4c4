#include "gateway/store/cases.h"

#include <array>

#include "gateway/store/columns.h"
#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

constexpr Statement kFind{"cases_find",
                          "SELECT " KESHER_CASE_COLUMNS " FROM case_file WHERE key = ANY($1::bytea[])"};
constexpr Statement kInsert{
    "cases_insert",
    "INSERT INTO case_file (" KESHER_CASE_COLUMNS
    ") SELECT unnest($1::bytea[]), unnest($2::boolean[]), unnest($3::text[]), unnest($4::text[]), "
    "unnest($5::bigint[]), unnest($6::bytea[]), unnest($7::bytea[]), unnest($8::integer[]), "
    "unnest($9::integer[]), unnest($10::bigint[])"};
constexpr Statement kUpdate{
    "cases_update",
    "UPDATE case_file f SET claim = u.claim, claim_day = u.claim_day, claims_that_day = u.claims_that_day, "
    "claim_signed_at = u.claim_signed_at FROM (SELECT unnest($1::bytea[]) AS key, unnest($2::bytea[]) AS "
    "claim, "
    "unnest($3::integer[]) AS claim_day, unnest($4::integer[]) AS claims_that_day, "
    "unnest($5::bigint[]) AS claim_signed_at) u WHERE f.key = u.key"};
constexpr Statement kOpenedBefore{"cases_opened_before",
                                  "SELECT " KESHER_CASE_COLUMNS
                                  " FROM case_file WHERE claim IS NOT NULL AND opened_at < $1 "
                                  "AND (opened_at, key) > ($2, $3) ORDER BY opened_at, key LIMIT $4"};

constexpr Statement kInsertPseudonyms{"pseudonyms_insert",
                                      "INSERT INTO pseudonym (organisation, lookup, sealed) "
                                      "SELECT unnest($1::text[]), unnest($2::bytea[]), unnest($3::bytea[])"};
constexpr Statement kPseudonym{
    "pseudonym_one",
    "SELECT organisation, lookup, sealed FROM pseudonym WHERE organisation = $1 AND lookup = $2"};
constexpr Statement kPseudonymsOf{
    "pseudonyms_of",
    "SELECT organisation, lookup, sealed FROM pseudonym WHERE organisation = $1 AND lookup > $2 ORDER BY "
    "lookup LIMIT $3"};
constexpr Statement kOpened{"cases_opened",
                            "SELECT o.id, (SELECT count(*) FROM case_file c WHERE c.opened_by = o.id "
                            "AND c.opened_at > $2) FROM unnest($1::text[]) AS o(id)"};
constexpr Statement kClaimCodes{
    "claim_codes_made",
    "SELECT o.id, (SELECT coalesce(sum(c.claims_that_day), 0) FROM case_file c "
    "WHERE c.opened_by = o.id AND c.claim_day = $2) FROM unnest($1::text[]) AS o(id)"};
constexpr Statement kFindRequests{"case_requests_find",
                                  "SELECT r.organisation, r.request, r.lookup, r.sealed FROM case_request r "
                                  "JOIN (SELECT unnest($1::text[]) AS organisation, "
                                  "unnest($2::uuid[]) AS request) k "
                                  "ON r.organisation = k.organisation AND r.request = k.request"};
constexpr Statement kInsertRequests{"case_requests_insert",
                                    "INSERT INTO case_request (organisation, request, lookup, sealed) "
                                    "SELECT unnest($1::text[]), unnest($2::uuid[]), unnest($3::bytea[]), "
                                    "unnest($4::bytea[])"};
constexpr std::array kStatements{kFind,          kInsert,       kUpdate, kOpenedBefore, kInsertPseudonyms,
                                 kPseudonym,     kPseudonymsOf, kOpened, kClaimCodes,   kFindRequests,
                                 kInsertRequests};

}  // namespace

std::span<const Statement> case_statements() { return kStatements; }

Position find_cases(Pipeline& pipeline, std::span<const contract::Digest> keys) {
    BytesColumn column;
    for (const contract::Digest& key : keys) column.add(key.view());
    return pipeline.add(kFind, Parameters{}.column(column));
}

std::vector<CaseRow> read_cases(const Rows& rows) {
    std::vector<CaseRow> found;
    for (const Row row : rows) {
        std::optional<contract::Digest> claim;
        if (!row.null(5)) claim = row.digest(5);
        std::optional<contract::Day> claim_day;
        if (!row.null(7)) claim_day = stored_day(row.integer(7));
        std::optional<contract::Instant> signed_at;
        if (!row.null(9)) signed_at = stored_instant(row.bigint(9));
        found.push_back({row.digest(0), row.boolean(1),
                         stored(contract::kDoors.parse(row.text(2)), "case_file.door"),
                         stored_organisation(row.text(3)), stored_instant(row.bigint(4)), claim, row.bytes(6),
                         claim_day, row.integer(8), signed_at});
    }
    return found;
}

std::vector<CaseRow> cases(Connection& connection, std::span<const contract::Digest> keys) {
    BytesColumn column;
    for (const contract::Digest& key : keys) column.add(key.view());
    return read_cases(connection.execute(kFind, Parameters{}.column(column)));
}

void insert_cases(Pipeline& batch, std::span<const CaseRow> rows) {
    if (rows.empty()) return;
    BytesColumn keys;
    BooleanColumn anonymous;
    TextColumn doors;
    TextColumn opened_by;
    BigintColumn opened_at;
    BytesColumn claims;
    BytesColumn sealed;
    IntegerColumn claim_days;
    IntegerColumn claims_that_day;
    BigintColumn signed_at;
    for (const CaseRow& row : rows) {
        keys.add(row.key.view());
        anonymous.add(row.anonymous);
        doors.add(contract::kDoors.text(row.door));
        opened_by.add(row.opened_by.text());
        opened_at.add(bigint(row.opened_at));
        row.claim ? claims.add(row.claim->view()) : claims.add_null();
        sealed.add(contract::ByteView(row.sealed));
        row.claim_day ? claim_days.add(integer(*row.claim_day)) : claim_days.add_null();
        claims_that_day.add(row.claims_that_day);
        row.claim_signed_at ? signed_at.add(bigint(*row.claim_signed_at)) : signed_at.add_null();
    }
    batch.add(kInsert, Parameters{}
                           .column(keys)
                           .column(anonymous)
                           .column(doors)
                           .column(opened_by)
                           .column(opened_at)
                           .column(claims)
                           .column(sealed)
                           .column(claim_days)
                           .column(claims_that_day)
                           .column(signed_at));
}

void update_cases(Pipeline& batch, std::span<const CaseRow> rows) {
    if (rows.empty()) return;
    BytesColumn keys, claims;
    IntegerColumn claim_days, claims_that_day;
    BigintColumn signed_at;
    for (const CaseRow& row : rows) {
        keys.add(row.key.view());
        row.claim ? claims.add(row.claim->view()) : claims.add_null();
        row.claim_day ? claim_days.add(integer(*row.claim_day)) : claim_days.add_null();
        claims_that_day.add(row.claims_that_day);
        row.claim_signed_at ? signed_at.add(bigint(*row.claim_signed_at)) : signed_at.add_null();
    }
    batch.add(kUpdate, Parameters{}
                           .column(keys)
                           .column(claims)
                           .column(claim_days)
                           .column(claims_that_day)
                           .column(signed_at));
}

std::vector<CaseRow> cases_opened_before(Connection& connection, contract::Instant opened_before,
                                         const std::optional<CasePlace>& after, std::size_t limit) {
    const contract::ByteView behind = after ? after->key.view() : contract::ByteView{};
    return read_cases(connection.execute(kOpenedBefore, Parameters{}
                                                            .bigint(bigint(opened_before))
                                                            .bigint(after ? bigint(after->opened_at) : -1)
                                                            .bytes(behind)
                                                            .bigint(static_cast<std::int64_t>(limit))));
}

void insert_pseudonyms(Pipeline& batch, std::span<const PseudonymRow> rows) {
    if (rows.empty()) return;
    TextColumn organisations;
    BytesColumn lookups;
    BytesColumn sealed;
    for (const PseudonymRow& row : rows) {
        organisations.add(row.organisation.text());
        lookups.add(row.lookup.view());
        sealed.add(contract::ByteView(row.sealed));
    }
    batch.add(kInsertPseudonyms, Parameters{}.column(organisations).column(lookups).column(sealed));
}

std::optional<PseudonymRow> pseudonym(Connection& connection, const contract::OrganisationId& organisation,
                                      const contract::Digest& lookup) {
    const Rows rows =
        connection.execute(kPseudonym, Parameters{}.text(organisation.text()).bytes(lookup.view()));
    if (rows.empty()) return std::nullopt;
    const Row row = rows.only();
    return PseudonymRow{stored_organisation(row.text(0)), row.digest(1), row.bytes(2)};
}

std::vector<PseudonymRow> pseudonyms_of(Connection& connection, const contract::OrganisationId& organisation,
                                        const std::optional<contract::Digest>& after, std::size_t limit) {
    std::vector<PseudonymRow> found;
    const contract::ByteView behind = after ? after->view() : contract::ByteView{};
    const Rows rows = connection.execute(
        kPseudonymsOf,
        Parameters{}.text(organisation.text()).bytes(behind).bigint(static_cast<std::int64_t>(limit)));
    for (const Row row : rows) {
        found.push_back({stored_organisation(row.text(0)), row.digest(1), row.bytes(2)});
    }
    return found;
}

Position count_cases_opened(Pipeline& pipeline, std::span<const contract::OrganisationId> organisations,
                            contract::Instant after) {
    TextColumn column;
    for (const contract::OrganisationId& organisation : organisations) column.add(organisation.text());
    return pipeline.add(kOpened, Parameters{}.column(column).bigint(bigint(after)));
}

Position count_claim_codes(Pipeline& pipeline, std::span<const contract::OrganisationId> organisations,
                           contract::Day on) {
    TextColumn column;
    for (const contract::OrganisationId& organisation : organisations) column.add(organisation.text());
    return pipeline.add(kClaimCodes, Parameters{}.column(column).integer(integer(on)));
}

std::vector<BodyCount> read_body_counts(const Rows& rows) {
    std::vector<BodyCount> found;
    for (const Row row : rows) found.push_back({stored_organisation(row.text(0)), row.bigint(1)});
    return found;
}

Position find_case_requests(Pipeline& pipeline, std::span<const CaseRequestKey> keys) {
    TextColumn organisations;
    UuidColumn requests;
    for (const CaseRequestKey& key : keys) {
        organisations.add(key.organisation.text());
        requests.add(key.request.bytes());
    }
    return pipeline.add(kFindRequests, Parameters{}.column(organisations).column(requests));
}

std::vector<CaseRequestRow> read_case_requests(const Rows& rows) {
    std::vector<CaseRequestRow> found;
    for (const Row row : rows) {
        found.push_back({stored_organisation(row.text(0)), stored_id<contract::RequestId>(row.uuid(1)),
                         row.digest(2), row.bytes(3)});
    }
    return found;
}

void insert_case_requests(Pipeline& batch, std::span<const CaseRequestRow> rows) {
    if (rows.empty()) return;
    TextColumn organisations;
    UuidColumn requests;
    BytesColumn lookups;
    BytesColumn sealed;
    for (const CaseRequestRow& row : rows) {
        organisations.add(row.organisation.text());
        requests.add(row.request.bytes());
        lookups.add(row.lookup.view());
        sealed.add(contract::ByteView(row.sealed));
    }
    batch.add(kInsertRequests,
              Parameters{}.column(organisations).column(requests).column(lookups).column(sealed));
}

}  // namespace kesher::store
