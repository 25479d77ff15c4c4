#include "gateway/store/messages.h"

#include <array>
#include <stdexcept>

#include "gateway/store/stored_words.h"

namespace kesher::store {
namespace {

constexpr Statement kFind{"messages_find",
                          "SELECT m.sender, m.id, m.claims, m.payload, m.idx, m.code FROM message m "
                          "JOIN (SELECT unnest($1::text[]) AS sender, unnest($2::uuid[]) AS id) k "
                          "ON m.sender = k.sender AND m.id = k.id"};
constexpr Statement kInsert{
    "messages_insert",
    "INSERT INTO message (sender, id, claims, payload, idx, code) "
    "SELECT unnest($1::text[]), unnest($2::uuid[]), unnest($3::bytea[]), unnest($4::bytea[]), "
    "unnest($5::bigint[]), unnest($6::text[])"};
constexpr Statement kInsertPayloads{
    "payloads_insert",
    "INSERT INTO payload (sender, id, sealed, stored_at) "
    "SELECT unnest($1::text[]), unnest($2::uuid[]), unnest($3::bytea[]), unnest($4::bigint[])"};
constexpr Statement kDeletePayloads{
    "payloads_delete",
    "DELETE FROM payload p USING unnest($1::text[], $2::uuid[]) AS k(sender, id) "
    "WHERE p.sender = k.sender AND p.id = k.id"};
constexpr Statement kPayload{"payload_one", "SELECT sealed FROM payload WHERE sender = $1 AND id = $2"};
constexpr std::array kStatements{kFind, kInsert, kInsertPayloads, kDeletePayloads, kPayload};

Parameters keys_of(std::span<const MessageKey> keys) {
    TextColumn senders;
    UuidColumn ids;
    for (const MessageKey& key : keys) {
        senders.add(key.sender.text());
        ids.add(key.id.bytes());
    }
    return Parameters{}.column(senders).column(ids);
}

}  // namespace

std::span<const Statement> message_statements() { return kStatements; }

Position find_messages(Pipeline& pipeline, std::span<const MessageKey> keys) {
    return pipeline.add(kFind, keys_of(keys));
}

std::vector<MessageRow> read_messages(const Rows& rows) {
    std::vector<MessageRow> found;
    found.reserve(rows.size());
    for (const Row row : rows) {
        std::optional<contract::Code> code;
        if (const auto word = row.maybe_text(5)) code = stored(contract::parse_code(*word), "message.code");
        found.push_back({{stored_organisation(row.text(0)), stored_id<contract::MessageId>(row.uuid(1))},
                         row.digest(2),
                         row.digest(3),
                         stored_index(row.bigint(4)),
                         code});
    }
    return found;
}

std::optional<MessageRow> message(Connection& connection, const MessageKey& key) {
    auto found = read_messages(connection.execute(kFind, keys_of({&key, 1})));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

void insert_messages(Pipeline& batch, std::span<const MessageRow> rows) {
    if (rows.empty()) return;
    TextColumn senders;
    UuidColumn ids;
    BytesColumn claims;
    BytesColumn payloads;
    BigintColumn indexes;
    TextColumn codes;
    for (const MessageRow& row : rows) {
        senders.add(row.key.sender.text());
        ids.add(row.key.id.bytes());
        claims.add(row.claims.view());
        payloads.add(row.payload.view());
        indexes.add(bigint(row.index));
        row.code ? codes.add(contract::text(*row.code)) : codes.add_null();
    }
    batch.add(kInsert,
              Parameters{}.column(senders).column(ids).column(claims).column(payloads).column(indexes).column(
                  codes));
}

void insert_payloads(Pipeline& batch, std::span<const PayloadRow> rows) {
    if (rows.empty()) return;
    TextColumn senders;
    UuidColumn ids;
    BytesColumn sealed;
    BigintColumn stored_at;
    for (const PayloadRow& row : rows) {
        senders.add(row.key.sender.text());
        ids.add(row.key.id.bytes());
        sealed.add(contract::ByteView(row.sealed));
        stored_at.add(bigint(row.stored_at));
    }
    batch.add(kInsertPayloads, Parameters{}.column(senders).column(ids).column(sealed).column(stored_at));
}

void delete_payloads(Pipeline& batch, std::span<const MessageKey> keys) {
    if (!keys.empty()) batch.add(kDeletePayloads, keys_of(keys));
}

std::optional<contract::Bytes> sealed_payload(Connection& connection, const MessageKey& key) {
    const Rows rows = connection.execute(kPayload, Parameters{}.text(key.sender.text()).uuid(key.id.bytes()));
    if (rows.empty()) return std::nullopt;
    return rows.only().bytes(0);
}

}  // namespace kesher::store
