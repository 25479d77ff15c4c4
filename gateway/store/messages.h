// Which messages were decided, and the payloads that are still kept.
//
// One row a decided message, accepted or refused: the same (sender, id) answers the same for ever.
// Payloads stand apart, sealed under K_store, because they are deleted while the evidence stays.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gateway/store/connection.h"
#include "gateway/store/pipeline.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"

namespace kesher::store {

struct MessageKey {
    contract::OrganisationId sender;
    contract::MessageId id;
    friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
};

struct MessageRow {
    MessageKey key;
    contract::Digest claims;   // SHA-256 of the statement's second JWS segment, as it was sent
    contract::Digest payload;  // SHA-256 of the payload's bytes
    contract::LeafIndex index;
    std::optional<contract::Code> code;  // none: accepted
};

struct PayloadRow {
    MessageKey key;
    contract::Bytes sealed;
    contract::Instant stored_at;
};

[[nodiscard]] std::span<const Statement> message_statements();

Position find_messages(Pipeline& pipeline, std::span<const MessageKey> keys);
[[nodiscard]] std::vector<MessageRow> read_messages(const Rows& rows);
[[nodiscard]] std::optional<MessageRow> message(Connection& connection, const MessageKey& key);

void insert_messages(Pipeline& batch, std::span<const MessageRow> rows);
void insert_payloads(Pipeline& batch, std::span<const PayloadRow> rows);
void delete_payloads(Pipeline& batch, std::span<const MessageKey> keys);
[[nodiscard]] std::optional<contract::Bytes> sealed_payload(Connection& connection, const MessageKey& key);

}  // namespace kesher::store
