#include "gateway/store/whole_tables.h"

#include "gateway/store/columns.h"
#include "gateway/store/stored_words.h"

namespace kesher::store {

using namespace contract;

namespace {

// No key of ours is the least of its type: ids are random, keys are HMACs.
Uuid id_of(const auto* row, auto member) { return row == nullptr ? Uuid{} : member(*row); }
Bytes key_of(const auto* row, auto member) {
    if (row == nullptr) return {};
    const ByteView view = member(*row).view();
    return {view.begin(), view.end()};
}
std::string body_of(const auto* row, auto member) {
    return row == nullptr ? std::string() : member(*row).text();
}
std::int64_t count(std::size_t limit) { return static_cast<std::int64_t>(limit); }

}  // namespace

std::vector<CaseRow> cases_page(Connection& connection, const CaseRow* after, std::size_t limit) {
    const Bytes key = key_of(after, [](const CaseRow& row) -> const Digest& { return row.key; });
    return read_cases(connection.query("SELECT " KESHER_CASE_COLUMNS
                                       " FROM case_file WHERE key > $1 ORDER BY key LIMIT $2",
                                       Parameters{}.bytes(ByteView(key)).bigint(count(limit))));
}

std::vector<ConsentRow> consents_page(Connection& connection, const ConsentRow* after, std::size_t limit) {
    const Uuid id = id_of(after, [](const ConsentRow& row) { return row.consent.id.bytes(); });
    return read_consents(connection.query("SELECT " KESHER_CONSENT_COLUMNS
                                          " FROM consent c WHERE c.id > $1 ORDER BY c.id LIMIT $2",
                                          Parameters{}.uuid(id).bigint(count(limit))));
}

std::vector<ConsentKeyRow> consent_keys_page(Connection& connection, const ConsentKeyRow* after,
                                             std::size_t limit) {
    const Bytes key = key_of(after, [](const ConsentKeyRow& row) -> const Digest& { return row.key; });
    const Rows rows = connection.query(
        "SELECT key, idx, consent FROM consent_key WHERE (key, idx) > ($1, $2) ORDER BY key, idx LIMIT $3",
        Parameters{}
            .bytes(ByteView(key))
            .bigint(after == nullptr ? -1 : bigint(after->index))
            .bigint(count(limit)));
    std::vector<ConsentKeyRow> found;
    for (const Row row : rows) {
        found.push_back({row.digest(0), stored_index(row.bigint(1)), stored_id<ConsentId>(row.uuid(2))});
    }
    return found;
}

std::vector<ReferralRow> referrals_page(Connection& connection, const ReferralRow* after, std::size_t limit) {
    const Uuid id = id_of(after, [](const ReferralRow& row) { return row.referral.id.bytes(); });
    return read_referrals(connection.query("SELECT " KESHER_REFERRAL_COLUMNS
                                           " FROM referral WHERE id > $1 ORDER BY id LIMIT $2",
                                           Parameters{}.uuid(id).bigint(count(limit))));
}

std::vector<DeliveryRow> deliveries_page(Connection& connection, const DeliveryRow* after,
                                         std::size_t limit) {
    const Uuid id = id_of(after, [](const DeliveryRow& row) { return row.id.bytes(); });
    return read_deliveries(connection.query("SELECT " KESHER_DELIVERY_COLUMNS
                                            " FROM delivery d WHERE d.id > $1 ORDER BY d.id LIMIT $2",
                                            Parameters{}.uuid(id).bigint(count(limit))));
}

std::vector<MessageRow> messages_page(Connection& connection, const MessageRow* after, std::size_t limit) {
    const std::string sender = body_of(after, [](const MessageRow& row) { return row.key.sender; });
    const Uuid id = id_of(after, [](const MessageRow& row) { return row.key.id.bytes(); });
    return read_messages(connection.query(
        "SELECT sender, id, claims, payload, idx, code FROM message WHERE (sender, id) > ($1, $2) "
        "ORDER BY sender, id LIMIT $3",
        Parameters{}.text(sender).uuid(id).bigint(count(limit))));
}

std::vector<MessageKey> message_keys_page(Connection& connection, const MessageKey* after,
                                          std::size_t limit) {
    const std::string sender = body_of(after, [](const MessageKey& key) { return key.sender; });
    const Uuid id = id_of(after, [](const MessageKey& key) { return key.id.bytes(); });
    std::vector<MessageKey> found;
    for (const Row row : connection.query(
             "SELECT sender, id FROM message WHERE (sender, id) > ($1, $2) ORDER BY sender, id LIMIT $3",
             Parameters{}.text(sender).uuid(id).bigint(count(limit)))) {
        found.push_back({stored_organisation(row.text(0)), stored_id<MessageId>(row.uuid(1))});
    }
    return found;
}

namespace {

std::vector<ReferralId> numbers_page(Connection& connection, const char* statement, const ReferralId* after,
                                     std::size_t limit) {
    const Uuid id = id_of(after, [](const ReferralId& number) { return number.bytes(); });
    std::vector<ReferralId> found;
    for (const Row row : connection.query(statement, Parameters{}.uuid(id).bigint(count(limit)))) {
        found.push_back(stored_id<ReferralId>(row.uuid(0)));
    }
    return found;
}

}  // namespace

std::vector<ReferralId> referral_ids_page(Connection& connection, const ReferralId* after,
                                          std::size_t limit) {
    return numbers_page(connection, "SELECT id FROM referral WHERE id > $1 ORDER BY id LIMIT $2", after,
                        limit);
}

std::vector<ReferralId> numbers_sent_page(Connection& connection, const ReferralId* after,
                                          std::size_t limit) {
    return numbers_page(
        connection, "SELECT DISTINCT referral FROM delivery WHERE referral > $1 ORDER BY referral LIMIT $2",
        after, limit);
}

std::size_t ids_stored(Connection& connection) {
    const Rows rows = connection.query(
        "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM referral)", Parameters{});
    return static_cast<std::size_t>(rows.only().bigint(0));
}

std::vector<PseudonymRow> pseudonyms_page(Connection& connection, const PseudonymRow* after,
                                          std::size_t limit) {
    const std::string body = body_of(after, [](const PseudonymRow& row) { return row.organisation; });
    const Bytes lookup = key_of(after, [](const PseudonymRow& row) -> const Digest& { return row.lookup; });
    std::vector<PseudonymRow> found;
    for (const Row row : connection.query(
             "SELECT organisation, lookup, sealed FROM pseudonym WHERE (organisation, lookup) > ($1, $2) "
             "ORDER BY organisation, lookup LIMIT $3",
             Parameters{}.text(body).bytes(ByteView(lookup)).bigint(count(limit)))) {
        found.push_back({stored_organisation(row.text(0)), row.digest(1), row.bytes(2)});
    }
    return found;
}

std::vector<CaseRequestRow> case_requests_page(Connection& connection, const CaseRequestRow* after,
                                               std::size_t limit) {
    const std::string body = body_of(after, [](const CaseRequestRow& row) { return row.organisation; });
    const Uuid request = id_of(after, [](const CaseRequestRow& row) { return row.request.bytes(); });
    return read_case_requests(
        connection.query("SELECT organisation, request, lookup, sealed FROM case_request WHERE "
                         "(organisation, request) > ($1, $2) "
                         "ORDER BY organisation, request LIMIT $3",
                         Parameters{}.text(body).uuid(request).bigint(count(limit))));
}

std::optional<LeafIndex> delivery_without_payload(Connection& connection) {
    const Rows rows = connection.query(
        "SELECT d.accepted_idx FROM delivery d WHERE d.state IN ('waiting', 'leased', 'held') AND NOT EXISTS "
        "(SELECT 1 FROM payload p WHERE p.sender = d.sender AND p.id = d.message) "
        "ORDER BY d.accepted_idx LIMIT 1");
    if (rows.empty()) return std::nullopt;
    return stored_index(rows[0].bigint(0));
}

}  // namespace kesher::store
