#include "gateway/store/deliveries.h"

#include <array>

#include "gateway/store/columns.h"
#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

using namespace contract;

constexpr Statement kFind{"deliveries_find",
                          "SELECT " KESHER_DELIVERY_COLUMNS " FROM delivery d WHERE d.id = ANY($1::uuid[])"};
// One by one (OFFSET 0): joined freely, a small table is read whole by its index.
constexpr Statement kOfConsentSlots{
    "deliveries_of_consent_slots",
    "SELECT " KESHER_DELIVERY_COLUMNS
    " FROM consent c CROSS JOIN LATERAL (SELECT * FROM delivery WHERE delivery.consent = c.id OFFSET 0) d "
    "WHERE c.slot = ANY($1::bytea[])"};
// What stands on no consent; what stands on one is found by that.
constexpr Statement kByStatuteOfReferralSlots{
    "deliveries_by_statute_of_referral_slots",
    "SELECT " KESHER_DELIVERY_COLUMNS
    " FROM referral r CROSS JOIN LATERAL (SELECT * FROM delivery WHERE delivery.referral = r.id AND "
    "delivery.consent IS NULL OFFSET 0) d WHERE r.slot = ANY($1::bytea[])"};
constexpr Statement kOfReferrals{"deliveries_of_referrals",
                                 "SELECT " KESHER_DELIVERY_COLUMNS
                                 " FROM delivery d WHERE d.referral = ANY($1::uuid[])"};
// A delivery out unacknowledged, or waiting for its time, holds back the later ones of its referral
// and no others; a notice of revocation is never held back. One that its recipient holds is acknowledged: it
// keeps the updates behind it in their order, but what always passes (a withdrawal, a cancellation, the hub's
// own word) overtakes whatever is held and does not always pass itself. What must wait comes back behind all
// that may go.
constexpr Statement kDue{
    "deliveries_due",
    "SELECT " KESHER_DELIVERY_COLUMNS
    " FROM delivery d WHERE d.recipient = $1 AND d.state IN ('waiting', 'leased', 'held') "
    "AND d.not_before <= $2 AND (d.state = 'waiting' OR d.lease_until <= $2) "
    "AND (d.revocation OR d.referral IS NULL OR NOT EXISTS (SELECT 1 FROM delivery e "
    "WHERE e.recipient = d.recipient AND e.referral = d.referral AND NOT e.revocation "
    "AND e.state IN ('waiting', 'leased', 'held') "
    "AND NOT (d.parcel = 'always' AND e.state = 'held' AND e.parcel <> 'always') "
    "AND (e.accepted_idx, e.id) < (d.accepted_idx, d.id))) "
    "ORDER BY d.revocation DESC, (d.parcel = 'always') DESC, d.not_before, d.accepted_idx, d.id LIMIT $3"};
constexpr Statement kOfMessage{"deliveries_of_message",
                               "SELECT " KESHER_DELIVERY_COLUMNS
                               " FROM delivery d WHERE d.message = $1 AND (d.sender = $2 OR d.recipient = "
                               "$2) ORDER BY d.accepted_idx, d.id"};
// From the payloads that are there, which are few, and not from the deliveries of all time. What has no
// delivery was for the hub, which read it when it accepted it.
constexpr Statement kDelivered{
    "payloads_delivered_before",
    "SELECT p.sender, p.id FROM payload p WHERE p.stored_at < $1 "
    "AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = p.id AND d.sender = p.sender "
    "AND (d.state IN ('waiting', 'leased', 'held') OR d.settled_at >= $1)) ORDER BY p.stored_at, p.id LIMIT "
    "$2"};
constexpr Statement kInsert{
    "deliveries_insert",
    "INSERT INTO delivery (id, recipient, revocation, sender, message, type, referral, consent, "
    "accepted_idx, state, attempt, not_before, lease_until, release_idx, settled_at, parcel, ack_idx) "
    "SELECT unnest($1::uuid[]), unnest($2::text[]), unnest($3::boolean[]), unnest($4::text[]), "
    "unnest($5::uuid[]), unnest($6::text[]), unnest($7::uuid[]), unnest($8::uuid[]), unnest($9::bigint[]), "
    "unnest($10::text[]), unnest($11::integer[]), unnest($12::bigint[]), unnest($13::bigint[]), "
    "unnest($14::bigint[]), unnest($15::bigint[]), unnest($16::text[]), unnest($17::bigint[])"};
constexpr Statement kUpdate{
    "deliveries_update",
    "UPDATE delivery d SET state = u.state, attempt = u.attempt, not_before = u.not_before, "
    "lease_until = u.lease_until, release_idx = u.release_idx, settled_at = u.settled_at, "
    "ack_idx = u.ack_idx, answered_idx = u.answered_idx FROM (SELECT unnest($1::uuid[]) AS id, "
    "unnest($2::text[]) AS state, "
    "unnest($3::integer[]) AS attempt, unnest($4::bigint[]) AS not_before, "
    "unnest($5::bigint[]) AS lease_until, unnest($6::bigint[]) AS release_idx, "
    "unnest($7::bigint[]) AS settled_at, unnest($8::bigint[]) AS ack_idx, "
    "unnest($9::bigint[]) AS answered_idx) u WHERE d.id = u.id"};
constexpr Statement kUnanswered{"revocations_unanswered",
                                "SELECT count(*) FROM delivery d JOIN organisation o ON o.id = d.recipient "
                                "WHERE d.revocation AND d.answered_idx IS NULL AND d.not_before < $1 AND "
                                "o.status <> 'left'"};
constexpr std::array kStatements{
    kFind,   kOfConsentSlots, kByStatuteOfReferralSlots, kOfReferrals, kDue, kOfMessage, kDelivered, kInsert,
    kUpdate, kUnanswered};

template <class Id>
Parameters ids_of(std::span<const Id> ids) {
    UuidColumn column;
    for (const Id& id : ids) column.add(id.bytes());
    return Parameters{}.column(column);
}

DeliveryRow read_delivery(const Row& row) {
    DeliveryRow delivery{.id = stored_id<DeliveryId>(row.uuid(0)),
                         .recipient = stored_organisation(row.text(1)),
                         .revocation = row.boolean(2),
                         .message = {stored_organisation(row.text(3)), stored_id<MessageId>(row.uuid(4))},
                         .type = stored(kMessageTypes.parse(row.text(5)), "delivery.type"),
                         .parcel = stored(kParcels.parse(row.text(15)), "delivery.parcel"),
                         .referral = std::nullopt,
                         .consent = std::nullopt,
                         .accepted = stored_index(row.bigint(8)),
                         .state = stored(kDeliveryStates.parse(row.text(9)), "delivery.state"),
                         .attempt = row.integer(10),
                         .not_before = stored_instant(row.bigint(11)),
                         .lease_until = stored_instant(row.bigint(12)),
                         .release = std::nullopt,
                         .ack = std::nullopt,
                         .settled_at = std::nullopt};
    if (const auto id = row.maybe_uuid(6)) delivery.referral = stored_id<ReferralId>(*id);
    if (const auto id = row.maybe_uuid(7)) delivery.consent = stored_id<ConsentId>(*id);
    if (const auto index = row.maybe_bigint(13)) delivery.release = stored_index(*index);
    if (const auto at = row.maybe_bigint(14)) delivery.settled_at = stored_instant(*at);
    if (const auto index = row.maybe_bigint(16)) delivery.ack = stored_index(*index);
    if (const auto index = row.maybe_bigint(17)) delivery.answered = stored_index(*index);
    return delivery;
}

}  // namespace

std::span<const Statement> delivery_statements() { return kStatements; }

Position find_deliveries(Pipeline& pipeline, std::span<const DeliveryId> ids) {
    return pipeline.add(kFind, ids_of(ids));
}

Position find_deliveries_of_consent_slots(Pipeline& pipeline, std::span<const Digest> slots) {
    BytesColumn column;
    for (const Digest& slot : slots) column.add(slot.view());
    return pipeline.add(kOfConsentSlots, Parameters{}.column(column));
}

Position find_deliveries_by_statute_of_referral_slots(Pipeline& pipeline, std::span<const Digest> slots) {
    BytesColumn column;
    for (const Digest& slot : slots) column.add(slot.view());
    return pipeline.add(kByStatuteOfReferralSlots, Parameters{}.column(column));
}

Position find_deliveries_of_referrals(Pipeline& pipeline, std::span<const ReferralId> referrals) {
    return pipeline.add(kOfReferrals, ids_of(referrals));
}

std::vector<DeliveryRow> read_deliveries(const Rows& rows) {
    std::vector<DeliveryRow> found;
    for (const Row row : rows) found.push_back(read_delivery(row));
    return found;
}

std::vector<DeliveryRow> deliveries(Connection& connection, std::span<const DeliveryId> ids) {
    return read_deliveries(connection.execute(kFind, ids_of(ids)));
}

std::vector<DeliveryRow> due_deliveries(Connection& connection, const OrganisationId& recipient, Instant at,
                                        std::size_t limit) {
    return read_deliveries(connection.execute(
        kDue,
        Parameters{}.text(recipient.text()).bigint(bigint(at)).bigint(static_cast<std::int64_t>(limit))));
}

std::vector<DeliveryRow> deliveries_of_message(Connection& connection, const MessageId& message,
                                               const OrganisationId& party) {
    return read_deliveries(
        connection.execute(kOfMessage, Parameters{}.uuid(message.bytes()).text(party.text())));
}

std::int64_t revocations_unanswered(Connection& connection, Instant before) {
    for (const Row row : connection.execute(kUnanswered, Parameters{}.bigint(bigint(before)))) {
        return row.bigint(0);
    }
    refuse_stored("delivery");
}

std::vector<MessageKey> payloads_delivered_before(Connection& connection, Instant settled_before,
                                                  std::size_t limit) {
    const Rows rows = connection.execute(
        kDelivered, Parameters{}.bigint(bigint(settled_before)).bigint(static_cast<std::int64_t>(limit)));
    std::vector<MessageKey> found;
    for (const Row row : rows) {
        found.push_back({stored_organisation(row.text(0)), stored_id<MessageId>(row.uuid(1))});
    }
    return found;
}

void insert_deliveries(Pipeline& batch, std::span<const DeliveryRow> rows) {
    if (rows.empty()) return;
    UuidColumn ids, messages, referrals, consents;
    TextColumn recipients, senders, types, states, parcels;
    BooleanColumn revocations;
    BigintColumn accepted, not_before, lease_until, releases, settled_at, acks;
    IntegerColumn attempts;
    for (const DeliveryRow& row : rows) {
        ids.add(row.id.bytes());
        recipients.add(row.recipient.text());
        revocations.add(row.revocation);
        senders.add(row.message.sender.text());
        messages.add(row.message.id.bytes());
        types.add(kMessageTypes.text(row.type));
        row.referral ? referrals.add(row.referral->bytes()) : referrals.add_null();
        row.consent ? consents.add(row.consent->bytes()) : consents.add_null();
        accepted.add(bigint(row.accepted));
        states.add(kDeliveryStates.text(row.state));
        attempts.add(row.attempt);
        not_before.add(bigint(row.not_before));
        lease_until.add(bigint(row.lease_until));
        row.release ? releases.add(bigint(*row.release)) : releases.add_null();
        row.settled_at ? settled_at.add(bigint(*row.settled_at)) : settled_at.add_null();
        parcels.add(kParcels.text(row.parcel));
        row.ack ? acks.add(bigint(*row.ack)) : acks.add_null();
    }
    Parameters all;
    all.column(ids).column(recipients).column(revocations).column(senders).column(messages).column(types);
    all.column(referrals).column(consents).column(accepted).column(states).column(attempts);
    all.column(not_before).column(lease_until).column(releases).column(settled_at).column(parcels);
    all.column(acks);
    batch.add(kInsert, std::move(all));
}

void update_deliveries(Pipeline& batch, std::span<const DeliveryRow> rows) {
    if (rows.empty()) return;
    UuidColumn ids;
    TextColumn states;
    IntegerColumn attempts;
    BigintColumn not_before, lease_until, releases, settled_at, acks, answered;
    for (const DeliveryRow& row : rows) {
        ids.add(row.id.bytes());
        states.add(kDeliveryStates.text(row.state));
        attempts.add(row.attempt);
        not_before.add(bigint(row.not_before));
        lease_until.add(bigint(row.lease_until));
        row.release ? releases.add(bigint(*row.release)) : releases.add_null();
        row.settled_at ? settled_at.add(bigint(*row.settled_at)) : settled_at.add_null();
        row.ack ? acks.add(bigint(*row.ack)) : acks.add_null();
        row.answered ? answered.add(bigint(*row.answered)) : answered.add_null();
    }
    Parameters all;
    all.column(ids).column(states).column(attempts).column(not_before).column(lease_until);
    all.column(releases).column(settled_at).column(acks).column(answered);
    batch.add(kUpdate, std::move(all));
}

}  // namespace kesher::store
