#include "gateway/store/referrals.h"

#include <array>

#include "gateway/store/columns.h"
#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

using namespace contract;

constexpr Statement kFind{"referrals_find",
                          "SELECT " KESHER_REFERRAL_COLUMNS " FROM referral WHERE id = ANY($1::uuid[])"};
constexpr Statement kFindBySlot{"referrals_find_by_slot", "SELECT " KESHER_REFERRAL_COLUMNS
                                                          " FROM referral WHERE slot = ANY($1::bytea[])"};
constexpr Statement kFindUsed{"referral_slots_used",
                              "SELECT slot, referrer, id, referrer_sealed, submitted_idx IS NOT NULL, "
                              "released AND purpose <> 'REHEARSAL' FROM referral WHERE slot = "
                              "ANY($1::bytea[])"};
constexpr Statement kToJudge{"referrals_to_judge",
                             "SELECT " KESHER_REFERRAL_COLUMNS
                             " FROM referral WHERE state IN ('DRAFT', 'AWAITING_CONSENT', 'REQUESTED', "
                             "'DELIVERED', 'WAITLISTED') AND id > $1 "
                             "ORDER BY id LIMIT $2"};
constexpr Statement kOf{
    "referrals_of",
    "SELECT " KESHER_REFERRAL_COLUMNS
    " FROM referral WHERE (referrer = $1 OR (recipient = $1 AND released)) AND (since >= $2 OR state NOT IN "
    "('DECLINED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED', 'FAILED', 'COMPLETED', 'ERRONEOUS')) "
    "AND service = ANY ($4::text[]) AND purpose <> 'REHEARSAL' ORDER BY since DESC, id LIMIT $3"};
constexpr Statement kInsert{
    "referrals_insert",
    "INSERT INTO referral (" KESHER_REFERRAL_COLUMNS
    ") SELECT unnest($1::uuid[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), "
    "unnest($5::text[]), unnest($6::text[]), unnest($7::text[]), unnest($8::uuid[]), unnest($9::text[]), "
    "unnest($10::text[]), unnest($11::text[]), unnest($12::bigint[]), unnest($13::bigint[]), "
    "unnest($14::text[]), unnest($15::boolean[]), unnest($16::boolean[]), unnest($17::boolean[]), "
    "unnest($18::boolean[]), unnest($19::boolean[]), unnest($20::boolean[]), unnest($21::integer[]), "
    "unnest($22::integer[]), unnest($23::bigint[]), unnest($24::bytea[]), unnest($25::bytea[]), "
    "unnest($26::bytea[]), unnest($27::text[])"};
constexpr Statement kUpdate{
    "referrals_update",
    "UPDATE referral r SET known_by = u.known_by, priority = u.priority, consent = u.consent, "
    "groups = u.groups, state = u.state, since = u.since, version = u.version, held_from = u.held_from, "
    "frozen = u.frozen, released = u.released, accepted_once = u.accepted_once, "
    "updates_stopped = u.updates_stopped, awaiting_reseal = u.awaiting_reseal, "
    "error_confirmed = u.error_confirmed, referrer_last = u.referrer_last, "
    "recipient_last = u.recipient_last, submitted_idx = u.submitted_idx, "
    "recipient_sealed = u.recipient_sealed, service = u.service, purpose = u.purpose, basis = u.basis, "
    "declined_for = u.declined_for FROM (SELECT unnest($1::uuid[]) AS id, "
    "unnest($2::text[]) AS known_by, "
    "unnest($3::text[]) AS priority, "
    "unnest($4::uuid[]) AS consent, unnest($5::text[]) AS groups, unnest($6::text[]) AS state, "
    "unnest($7::bigint[]) AS since, unnest($8::bigint[]) AS version, unnest($9::text[]) AS held_from, "
    "unnest($10::boolean[]) AS frozen, unnest($11::boolean[]) AS released, "
    "unnest($12::boolean[]) AS accepted_once, unnest($13::boolean[]) AS updates_stopped, "
    "unnest($14::boolean[]) AS awaiting_reseal, unnest($15::boolean[]) AS error_confirmed, "
    "unnest($16::integer[]) AS referrer_last, unnest($17::integer[]) AS recipient_last, "
    "unnest($18::bigint[]) AS submitted_idx, unnest($19::bytea[]) AS recipient_sealed, "
    "unnest($20::text[]) AS service, unnest($21::text[]) AS purpose, unnest($22::text[]) AS basis, "
    "unnest($23::text[]) AS declined_for) u WHERE r.id = u.id"};
constexpr std::array kStatements{kFind, kFindBySlot, kFindUsed, kToJudge, kOf, kInsert, kUpdate};

Parameters digests(std::span<const Digest> values) {
    BytesColumn column;
    for (const Digest& value : values) column.add(value.view());
    return Parameters{}.column(column);
}

referral::Terms read_terms(const Row& row) {
    referral::Terms terms{.service = stored(kServices.parse(row.text(3)), "referral.service"),
                          .purpose = stored(kPurposes.parse(row.text(4)), "referral.purpose"),
                          .basis = stored(kLegalBases.parse(row.text(5)), "referral.basis"),
                          .groups = stored_set(kDataGroups, row.text(6), "referral.groups"),
                          .consent = std::nullopt,
                          .known_by = stored(kKnownBy.parse(row.text(8)), "referral.known_by"),
                          .priority = stored(kPriorities.parse(row.text(9)), "referral.priority")};
    if (const auto id = row.maybe_uuid(7)) terms.consent = stored_id<ConsentId>(*id);
    return terms;
}

std::optional<Day> maybe_day(const Row& row, std::size_t column) {
    if (row.null(column)) return std::nullopt;
    return stored_day(row.integer(column));
}

ReferralRow read_referral(const Row& row) {
    referral::Referral referral{.id = stored_id<ReferralId>(row.uuid(0)),
                                .referrer = stored_organisation(row.text(1)),
                                .recipient = stored_organisation(row.text(2)),
                                .terms = read_terms(row),
                                .state = stored(kReferralStates.parse(row.text(10)), "referral.state"),
                                .since = stored_instant(row.bigint(11)),
                                .version = static_cast<std::uint32_t>(row.bigint(12))};
    if (const auto word = row.maybe_text(13)) {
        referral.held_from = stored(kReferralStates.parse(*word), "referral.held_from");
    }
    referral.frozen = row.boolean(14);
    referral.released = row.boolean(15);
    referral.accepted_once = row.boolean(16);
    referral.updates_stopped = row.boolean(17);
    referral.awaiting_reseal = row.boolean(18);
    referral.error_confirmed = row.boolean(19);
    referral.referrer_last = maybe_day(row, 20);
    referral.recipient_last = maybe_day(row, 21);
    std::optional<LeafIndex> submitted;
    if (const auto index = row.maybe_bigint(22)) submitted = stored_index(*index);
    std::optional<Reason> declined_for;
    if (const auto word = row.maybe_text(26))
        declined_for = stored(kReasons.parse(*word), "referral.declined_for");
    return {std::move(referral), submitted, row.digest(23), row.bytes(24), row.maybe_bytes(25), declined_for};
}

void add_day(IntegerColumn& column, const std::optional<Day>& day) {
    day ? column.add(integer(*day)) : column.add_null();
}

// One array a column of `referral`, in the order of the table.
struct ReferralColumns {
    explicit ReferralColumns(std::span<const ReferralRow> rows) {
        for (const ReferralRow& row : rows) add(row);
    }
    UuidColumn ids, consents;
    TextColumn referrers, recipients, services, purposes, bases, groups, known_by, priorities, states,
        held_from, declined_for;
    BigintColumn since, versions, submitted;
    BooleanColumn frozen, released, accepted_once, updates_stopped, awaiting_reseal, error_confirmed;
    IntegerColumn referrer_last, recipient_last;
    BytesColumn slots, referrer_sealed, recipient_sealed;

    void add(const ReferralRow& row) {
        const referral::Referral& r = row.referral;
        ids.add(r.id.bytes());
        referrers.add(r.referrer.text());
        recipients.add(r.recipient.text());
        add_terms(r.terms);
        states.add(kReferralStates.text(r.state));
        since.add(bigint(r.since));
        versions.add(r.version);
        r.held_from ? held_from.add(kReferralStates.text(*r.held_from)) : held_from.add_null();
        frozen.add(r.frozen);
        released.add(r.released);
        accepted_once.add(r.accepted_once);
        updates_stopped.add(r.updates_stopped);
        awaiting_reseal.add(r.awaiting_reseal);
        error_confirmed.add(r.error_confirmed);
        add_day(referrer_last, r.referrer_last);
        add_day(recipient_last, r.recipient_last);
        row.submitted ? submitted.add(bigint(*row.submitted)) : submitted.add_null();
        slots.add(row.slot.view());
        referrer_sealed.add(ByteView(row.referrer_sealed));
        row.recipient_sealed ? recipient_sealed.add(ByteView(*row.recipient_sealed))
                             : recipient_sealed.add_null();
        row.declined_for ? declined_for.add(kReasons.text(*row.declined_for)) : declined_for.add_null();
    }
    void add_terms(const referral::Terms& terms) {
        services.add(kServices.text(terms.service));
        purposes.add(kPurposes.text(terms.purpose));
        bases.add(kLegalBases.text(terms.basis));
        groups.add(joined(kDataGroups, terms.groups));
        terms.consent ? consents.add(terms.consent->bytes()) : consents.add_null();
        known_by.add(kKnownBy.text(terms.known_by));
        priorities.add(kPriorities.text(terms.priority));
    }
    Parameters whole() const {
        Parameters all;
        all.column(ids).column(referrers).column(recipients).column(services).column(purposes).column(bases);
        all.column(groups).column(consents).column(known_by).column(priorities).column(states).column(since);
        all.column(versions).column(held_from).column(frozen).column(released).column(accepted_once);
        all.column(updates_stopped).column(awaiting_reseal).column(error_confirmed).column(referrer_last);
        all.column(recipient_last).column(submitted).column(slots).column(referrer_sealed);
        all.column(recipient_sealed).column(declined_for);
        return all;
    }
    Parameters changes() const {
        Parameters all;
        all.column(ids).column(known_by).column(priorities).column(consents).column(groups).column(states);
        all.column(since).column(versions).column(held_from).column(frozen).column(released);
        all.column(accepted_once).column(updates_stopped).column(awaiting_reseal).column(error_confirmed);
        all.column(referrer_last).column(recipient_last).column(submitted).column(recipient_sealed);
        all.column(services).column(purposes).column(bases).column(declined_for);
        return all;
    }
};

}  // namespace

std::span<const Statement> referral_statements() { return kStatements; }

bool is_disclosed(const referral::Referral& referral) {
    return referral.released && !referral::is_rehearsal(referral.terms);
}

Position find_referrals(Pipeline& pipeline, std::span<const ReferralId> ids) {
    UuidColumn column;
    for (const ReferralId& id : ids) column.add(id.bytes());
    return pipeline.add(kFind, Parameters{}.column(column));
}

Position find_referrals_by_slot(Pipeline& pipeline, std::span<const Digest> slots) {
    return pipeline.add(kFindBySlot, digests(slots));
}

std::vector<ReferralRow> read_referrals(const Rows& rows) {
    std::vector<ReferralRow> found;
    for (const Row row : rows) found.push_back(read_referral(row));
    return found;
}

std::vector<ReferralRow> referrals_by_slot(Connection& connection, std::span<const Digest> slots) {
    return read_referrals(connection.execute(kFindBySlot, digests(slots)));
}

Position find_used_slots(Pipeline& pipeline, std::span<const Digest> slots) {
    return pipeline.add(kFindUsed, digests(slots));
}

std::vector<UsedSlot> read_used_slots(const Rows& rows) {
    std::vector<UsedSlot> found;
    for (const Row row : rows)
        found.push_back({row.digest(0), stored_organisation(row.text(1)), stored_id<ReferralId>(row.uuid(2)),
                         row.bytes(3), row.boolean(4), row.boolean(5)});
    return found;
}

std::vector<UsedSlot> used_slots(Connection& connection, std::span<const Digest> slots) {
    return read_used_slots(connection.execute(kFindUsed, digests(slots)));
}

std::vector<ReferralRow> referrals_to_judge(Connection& connection, const std::optional<ReferralId>& after,
                                            std::size_t limit) {
    const Uuid from = after ? after->bytes() : Uuid{};  // every id is above the nil UUID
    return read_referrals(
        connection.execute(kToJudge, Parameters{}.uuid(from).bigint(static_cast<std::int64_t>(limit))));
}

std::vector<ReferralRow> referrals_of(Connection& connection, const BoardBounds& bounds) {
    TextColumn services;
    for (const Service service : bounds.services.words()) services.add(kServices.text(service));
    return read_referrals(connection.execute(kOf, Parameters{}
                                                      .text(bounds.party.text())
                                                      .bigint(bigint(bounds.ended_since))
                                                      .bigint(static_cast<std::int64_t>(bounds.limit))
                                                      .column(services)));
}

void insert_referrals(Pipeline& batch, std::span<const ReferralRow> rows) {
    if (!rows.empty()) batch.add(kInsert, ReferralColumns(rows).whole());
}

void update_referrals(Pipeline& batch, std::span<const ReferralRow> rows) {
    if (!rows.empty()) batch.add(kUpdate, ReferralColumns(rows).changes());
}

}  // namespace kesher::store
