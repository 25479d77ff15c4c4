#include "adapters/kit/journal_state.h"

namespace kesher::kit {
namespace {

constexpr std::string_view kColumns =
    "SELECT delivery, sender, message, type, referral, consent, statement, statement_digest, payload, "
    "pseudonym, "
    "version, attempt, not_after, leaf, receipt, leaf_index, state, native, code, surplus FROM incoming ";

IncomingRow row_of(const Query& row) {
    codec::Delivery delivery{id_at<contract::DeliveryId>(row, 0),
                             row.text(6),
                             row.blob(8),
                             id_at<contract::Pseudonym>(row, 9),
                             static_cast<std::int32_t>(row.number(10)),
                             static_cast<std::int32_t>(row.number(11)),
                             instant_at(row, 12),
                             row.text(13),
                             row.text(14)};
    IncomingRow read{std::move(delivery), id_at<contract::MessageId>(row, 2),
                     id_at<contract::OrganisationId>(row, 1), word_at(row, 3, contract::kMessageTypes)};
    read.referral = optional_id_at<contract::ReferralId>(row, 4);
    read.consent = optional_id_at<contract::ConsentId>(row, 5);
    read.statement = digest_at(row, 7);
    read.index = index_at(row, 15);
    read.state = word_at(row, 16, kIncomingStates);
    if (!row.absent(17)) read.native = digest_at(row, 17);
    read.code = code_at(row, 18);
    read.surplus = row.number(19);
    return read;
}

std::optional<IncomingRow> one_of(Query query) {
    if (!query.next()) return std::nullopt;
    return row_of(query);
}

std::string sql(std::string_view condition) { return std::string(kColumns).append(condition); }

statement::Ack ack_of(const Query& row) {
    statement::Ack ack{id_at<contract::DeliveryId>(row, 0), index_at(row, 1),
                       word_at(row, 2, contract::kAckOutcomes)};
    ack.code = code_at(row, 3);
    if (!row.absent(4)) ack.native = digest_at(row, 4);
    if (!row.absent(5)) ack.surplus = row.number(5);
    return ack;
}

}  // namespace

std::optional<IncomingRow> Journal::incoming(const contract::DeliveryId& id) const {
    return one_of(state_->file.query(sql("WHERE delivery = ?1"), id.text()));
}

std::optional<IncomingRow> Journal::incoming_message(const contract::OrganisationId& from,
                                                     const contract::MessageId& id) const {
    return one_of(state_->file.query(sql("WHERE sender = ?1 AND message = ?2"), from.text(), id.text()));
}

std::optional<IncomingRow> Journal::unfinished_submission(const contract::ReferralId& id) const {
    return one_of(
        state_->file.query(sql("WHERE referral = ?1 AND type = 'referral.submitted.v1' AND state IN "
                               "('received', 'handing', 'held')"),
                           id.text()));
}

void Journal::receive(const IncomingRow& row) {
    const codec::Delivery& delivery = row.delivery;
    state_->file.run(
        "INSERT INTO incoming (delivery, sender, message, type, referral, consent, statement, "
        "statement_digest, "
        "payload, pseudonym, version, attempt, not_after, leaf, receipt, leaf_index, state) VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 'received')",
        delivery.delivery.text(), row.from.text(), row.message.text(), contract::kMessageTypes.text(row.type),
        stored(row.referral), stored(row.consent), delivery.statement, row.statement.view(),
        contract::ByteView(delivery.payload), delivery.pseudonym.reveal(), std::int64_t{delivery.version},
        std::int64_t{delivery.attempt}, stored(delivery.not_after), delivery.leaf, delivery.receipt,
        stored(row.index));
}

void Journal::renew_release(const codec::Delivery& again, contract::LeafIndex index) {
    state_->file.run(
        "UPDATE incoming SET version = ?2, attempt = ?3, not_after = ?4, leaf = ?5, receipt = ?6, leaf_index "
        "= ?7 "
        "WHERE delivery = ?1",
        again.delivery.text(), std::int64_t{again.version}, std::int64_t{again.attempt},
        stored(again.not_after), again.leaf, again.receipt, stored(index));
}

void Journal::mark_handing(const contract::DeliveryId& id) {
    state_->file.run(
        "UPDATE incoming SET state = 'handing' WHERE delivery = ?1 AND state IN ('received', 'held', "
        "'handing')",
        id.text());
}

void Journal::mark_held(const contract::DeliveryId& id) {
    state_->file.run(
        "UPDATE incoming SET state = 'held' WHERE delivery = ?1 AND state IN ('received', 'handing', 'held')",
        id.text());
}

void Journal::mark_taken(const contract::DeliveryId& id, const contract::Digest& native,
                         std::int64_t surplus) {
    // The native system has it: the sealed bytes are of no more use here.
    state_->file.run(
        "UPDATE incoming SET state = 'taken', native = ?2, surplus = ?3, payload = NULL WHERE delivery = ?1 "
        "AND "
        "state IN ('received', 'handing', 'held')",
        id.text(), native.view(), surplus);
}

void Journal::mark_refused(const contract::DeliveryId& id, contract::Code code) {
    state_->file.run(
        "UPDATE incoming SET state = 'refused', code = ?2, payload = NULL WHERE delivery = ?1 AND "
        "state IN ('received', 'handing', 'held')",
        id.text(), contract::text(code));
}

void Journal::drop(const contract::DeliveryId& id) {
    state_->file.run("DELETE FROM incoming WHERE delivery = ?1 AND state IN ('received', 'held', 'handing')",
                     id.text());
}

std::vector<contract::DeliveryId> Journal::unfinished() const {
    Query query = state_->file.query(
        "SELECT delivery FROM incoming WHERE state IN ('received', 'handing', 'held') ORDER BY seq");
    std::vector<contract::DeliveryId> ids;
    while (query.next()) ids.push_back(id_at<contract::DeliveryId>(query, 0));
    return ids;
}

void Journal::put_ack(const statement::Ack& ack) {
    std::optional<contract::ByteView> native;
    if (ack.native) native = ack.native->view();
    state_->file.run(
        "INSERT OR REPLACE INTO ack (delivery, leaf_index, outcome, code, native, surplus, sent) VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6, 0)",
        ack.delivery.text(), stored(ack.index), contract::kAckOutcomes.text(ack.outcome), stored(ack.code),
        native, ack.surplus);
}

std::vector<statement::Ack> Journal::unsent_acks(std::size_t limit) const {
    Query query = state_->file.query(
        "SELECT delivery, leaf_index, outcome, code, native, surplus FROM ack WHERE sent = 0 "
        "ORDER BY leaf_index LIMIT ?1",
        static_cast<std::int64_t>(limit));
    std::vector<statement::Ack> acks;
    while (query.next()) acks.push_back(ack_of(query));
    return acks;
}

void Journal::mark_ack_sent(const statement::Ack& ack) {
    // Only this very one: a newer outcome of the same delivery may have been put meanwhile.
    state_->file.run("UPDATE ack SET sent = 1 WHERE delivery = ?1 AND leaf_index = ?2 AND outcome = ?3",
                     ack.delivery.text(), stored(ack.index), contract::kAckOutcomes.text(ack.outcome));
}

}  // namespace kesher::kit
