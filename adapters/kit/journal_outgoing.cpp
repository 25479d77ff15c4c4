#include <algorithm>

#include "adapters/kit/journal_state.h"

namespace kesher::kit {
namespace {

constexpr std::string_view kColumns =
    "SELECT id, type, recipient, referral, consent, first_lane, statement, submission, state, attempts, "
    "next_try, "
    "code, leaf_index, leaf, receipt FROM outgoing ";

// A message follows what it stands on: the earlier ones of its referral, the consent that it names.
constexpr std::string_view kFree =
    "state = 'waiting' AND NOT EXISTS (SELECT 1 FROM outgoing AS p WHERE p.seq < o.seq AND "
    "p.state IN ('waiting', 'sent') AND "
    "(p.referral = o.referral OR (p.consent = o.consent AND p.type = 'consent.given.v1'))) ";

OutgoingRow row_of(const Query& row) {
    OutgoingRow read{{id_at<contract::MessageId>(row, 0), word_at(row, 1, contract::kMessageTypes),
                      id_at<contract::OrganisationId>(row, 2), optional_id_at<contract::ReferralId>(row, 3),
                      optional_id_at<contract::ConsentId>(row, 4), row.text(6), row.blob(7), row.truth(5)}};
    read.state = word_at(row, 8, kOutgoingStates);
    read.attempts = static_cast<std::uint32_t>(row.number(9));
    read.next_try = instant_at(row, 10);
    read.code = code_at(row, 11);
    if (!row.absent(12)) read.receipt = Receipted{index_at(row, 12), row.text(13), row.text(14)};
    return read;
}

std::vector<OutgoingRow> rows_of(Query query) {
    std::vector<OutgoingRow> rows;
    while (query.next()) rows.push_back(row_of(query));
    return rows;
}

std::string sql(std::string_view condition) { return std::string(kColumns).append(condition); }

bool is_ended_by(const OutgoingRow& row) {
    return row.state == OutgoingState::accepted &&
           (ends_disclosure(row.written) || row.written.type == contract::MessageType::consent_revoked);
}

// Nothing of it ever came to be: each that would have begun it was refused by a leaf, or never left.
bool never_began(const std::vector<OutgoingRow>& rows, contract::MessageType beginning) {
    bool refused = false;
    for (const OutgoingRow& row : rows) {
        if (row.written.type != beginning || row.state == OutgoingState::taken_back) continue;
        const bool is_there = row.code == contract::Code::id_reused;  // and it may be what she means
        if (row.state != OutgoingState::refused || !row.receipt || is_there) return false;
        refused = true;
    }
    return refused;
}

}  // namespace

bool Journal::enqueue(const Written& written) {
    SqliteFile& file = state_->file;
    Step step(*this);
    const auto inserted = file.run(
        "INSERT INTO outgoing (id, type, recipient, referral, consent, first_lane, statement, submission, "
        "state) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'waiting') ON CONFLICT (id) DO NOTHING",
        written.id.text(), contract::kMessageTypes.text(written.type), written.to.text(),
        stored(written.referral), stored(written.consent), std::int64_t{written.first_lane},
        written.statement, contract::ByteView(written.submission));
    if (inserted == 1 && written.first_lane) {
        // A withdrawal waits behind nothing, but what it is about must have come before it: that hurries too.
        file.run(
            "UPDATE outgoing SET first_lane = 1, next_try = 0 WHERE state = 'waiting' AND "
            "(referral = ?1 OR (consent = ?2 AND type = 'consent.given.v1'))",
            stored(written.referral), stored(written.consent));
    }
    step.commit();
    return inserted == 1;
}

std::optional<OutgoingRow> Journal::outgoing(const contract::MessageId& id) const {
    Query query = state_->file.query(sql("WHERE id = ?1"), id.text());
    if (!query.next()) return std::nullopt;
    return row_of(query);
}

std::vector<OutgoingRow> Journal::due(contract::Instant now, std::size_t limit) const {
    return rows_of(state_->file.query(
        sql("AS o WHERE ").append(kFree).append("AND next_try <= ?1 ORDER BY first_lane DESC, seq LIMIT ?2"),
        stored(now), static_cast<std::int64_t>(limit)));
}

std::optional<contract::Instant> Journal::next_due() const {
    Query query =
        state_->file.query(std::string("SELECT min(next_try) FROM outgoing AS o WHERE ").append(kFree));
    if (!query.next() || query.absent(0)) return std::nullopt;
    return instant_at(query, 0);
}

void Journal::mark_sent(const contract::MessageId& id) {
    state_->file.run("UPDATE outgoing SET state = 'sent' WHERE id = ?1 AND state = 'waiting'", id.text());
}

void Journal::mark_waiting(const contract::MessageId& id, contract::Instant next_try,
                           std::optional<contract::Code> code) {
    state_->file.run(
        "UPDATE outgoing SET state = 'waiting', attempts = attempts + 1, next_try = ?2, code = ?3 "
        "WHERE id = ?1 AND state IN ('waiting', 'sent')",
        id.text(), stored(next_try), stored(code));
}

void Journal::mark_unsent(const contract::MessageId& id, contract::Instant next_try,
                          std::optional<contract::Code> code) {
    state_->file.run(
        "UPDATE outgoing SET state = 'waiting', next_try = ?2, code = ?3 WHERE id = ?1 AND state = 'sent'",
        id.text(), stored(next_try), stored(code));
}

void Journal::mark_accepted(const contract::MessageId& id, const Receipted& receipt) {
    state_->file.run(
        "UPDATE outgoing SET state = 'accepted', code = NULL, leaf_index = ?2, leaf = ?3, receipt = ?4 "
        "WHERE id = ?1 AND state IN ('waiting', 'sent')",
        id.text(), stored(receipt.index), receipt.leaf, receipt.receipt);
}

void Journal::mark_refused(const contract::MessageId& id, contract::Code code,
                           const std::optional<Receipted>& receipt) {
    std::optional<std::int64_t> index;
    std::optional<std::string> leaf, proof;
    if (receipt) {
        index = stored(receipt->index);
        leaf = receipt->leaf;
        proof = receipt->receipt;
    }
    state_->file.run(
        "UPDATE outgoing SET state = 'refused', code = ?2, leaf_index = ?3, leaf = ?4, receipt = ?5 "
        "WHERE id = ?1 AND state IN ('waiting', 'sent')",
        id.text(), contract::text(code), index, leaf, proof);
}

bool Journal::take_back(const contract::ReferralId& referral) {
    constexpr std::string_view kItsSubmission =
        "SELECT 1 FROM outgoing WHERE referral = ?1 AND type = 'referral.submitted.v1' AND ";
    const std::string id = referral.text();
    const auto is_there = [&](std::string_view condition) {
        return state_->file.query(std::string(kItsSubmission).append(condition), id).next();
    };
    if (is_there("state = 'taken_back'")) return true;
    if (!is_there("state = 'waiting'") || is_there("(state <> 'waiting' OR attempts > 0)")) return false;
    state_->file.run("UPDATE outgoing SET state = 'taken_back' WHERE referral = ?1 AND state = 'waiting'",
                     id);
    return true;
}

void Journal::take_back_unknown(const contract::ReferralId& referral) {
    state_->file.run(
        "UPDATE outgoing SET state = 'taken_back' WHERE referral = ?1 AND state IN ('waiting', 'sent')",
        referral.text());
}

std::vector<OutgoingRow> Journal::untried_under(const contract::ConsentId& consent) const {
    return rows_of(state_->file.query(
        sql("WHERE consent = ?1 AND state = 'waiting' AND attempts = 0 AND type LIKE 'referral.%'"),
        consent.text()));
}

bool Journal::is_to_end(const contract::ReferralId& referral) const {
    return state_->file
        .query(
            "SELECT 1 FROM outgoing WHERE referral = ?1 AND first_lane = 1 AND state = 'waiting' AND "
            "type = 'referral.event.v1'",
            referral.text())
        .next();
}

void Journal::replace_signature(const Written& redated) {
    state_->file.run(
        "UPDATE outgoing SET statement = ?2, submission = ?3 WHERE id = ?1 AND state IN ('waiting', 'sent')",
        redated.id.text(), redated.statement, contract::ByteView(redated.submission));
}

std::vector<OutgoingRow> Journal::outgoing_in(OutgoingState state, std::size_t limit) const {
    auto rows = rows_of(state_->file.query(sql("WHERE state = ?1 ORDER BY seq DESC LIMIT ?2"),
                                           kOutgoingStates.text(state), static_cast<std::int64_t>(limit)));
    std::ranges::reverse(rows);
    return rows;
}

std::vector<OutgoingRow> Journal::undecided_of_the_first_lane() const {
    return rows_of(
        state_->file.query(sql("WHERE state IN ('waiting', 'sent') AND (type = 'consent.revoked.v1' OR "
                               "(type = 'referral.event.v1' AND first_lane = 1)) ORDER BY seq")));
}

std::vector<OutgoingRow> Journal::outgoing_of(const contract::ConsentId& consent) const {
    return rows_of(state_->file.query(
        sql("WHERE consent = ?1 AND type IN ('consent.given.v1', 'consent.revoked.v1') ORDER BY seq"),
        consent.text()));
}

std::vector<OutgoingRow> Journal::outgoing_of(const contract::ReferralId& referral) const {
    return rows_of(state_->file.query(sql("WHERE referral = ?1 AND (type = 'referral.submitted.v1' OR "
                                          "(type = 'referral.event.v1' AND first_lane = 1)) ORDER BY seq"),
                                      referral.text()));
}

bool Journal::is_proven_over(const Written& withdrawal) const {
    using contract::MessageType;
    const bool of_consent = withdrawal.type == MessageType::consent_revoked;
    if (of_consent ? !withdrawal.consent : !withdrawal.referral) return false;
    const auto rows = of_consent ? outgoing_of(*withdrawal.consent) : outgoing_of(*withdrawal.referral);
    if (std::ranges::any_of(rows, is_ended_by) ||
        never_began(rows, of_consent ? MessageType::consent_given : MessageType::referral_submitted)) {
        return true;
    }
    if (!of_consent) {
        const auto known = referral(*withdrawal.referral);
        return known && contract::is_terminal(known->state);
    }
    return state_->file
        .query("SELECT 1 FROM incoming WHERE consent = ?1 AND type = 'consent.revoked.v1'",
               withdrawal.consent->text())
        .next();
}

std::vector<RefusedRow> Journal::refused(std::size_t limit) const {
    Query query = state_->file.query(
        "SELECT id, type, referral, code FROM outgoing WHERE state = 'refused' ORDER BY seq DESC LIMIT ?1",
        static_cast<std::int64_t>(limit));
    std::vector<RefusedRow> rows;
    while (query.next()) {
        rows.push_back({id_at<contract::MessageId>(query, 0), word_at(query, 1, contract::kMessageTypes),
                        optional_id_at<contract::ReferralId>(query, 2), code_at(query, 3)});
    }
    std::ranges::reverse(rows);
    return rows;
}

std::size_t Journal::count_of(OutgoingState state) const {
    Query query =
        state_->file.query("SELECT count(*) FROM outgoing WHERE state = ?1", kOutgoingStates.text(state));
    return query.next() ? static_cast<std::size_t>(query.number(0)) : 0;
}

}  // namespace kesher::kit
