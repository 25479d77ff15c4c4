#include "gateway/inbox/poll.h"

#include "audit/log/leaf.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/stored_words.h"
#include "schemas/codec/records.h"
#include "schemas/contract/limits.h"
#include "schemas/statement/hash.h"

namespace kesher::inbox {
namespace {

using namespace contract;

// A whole batch may have to wait or be dropped; what stands behind it is looked at at once. The rest
// comes with the next look, and what has stepped aside is not in its way.
constexpr int kBatchesOfOneLook = 8;

// What a delivery will carry: neither changes after its acceptance.
struct Content {
    store::DeliveryRow row;
    std::string statement;
    WordSet<DataGroup> groups;  // of the statement, as the leaf of its acceptance repeats them
    std::optional<Purpose> purpose;
    Bytes payload;
};

struct Said {
    std::string statement;
    WordSet<DataGroup> groups;
    std::optional<Purpose> purpose;
};

Said said_at(store::Connection& connection, LeafIndex accepted) {
    const auto entry = store::log_entry(connection, accepted);
    const auto leaf = entry ? log::split_leaf(text_of(entry->data)) : log::split_leaf("");
    if (!leaf || !leaf->statement) store::refuse_stored("log_entry.data");
    const auto record = log::parse_record(leaf->record);
    if (!record) store::refuse_stored("log_entry.data");
    Said said{*leaf->statement, {}, record->purpose};
    if (!record->scope || !record->scope->groups) return said;
    for (const DataGroup group : *record->scope->groups) said.groups.add(group);
    return said;
}

// A batch ends at `limit`, at 1 MiB, or is one larger message.
std::vector<Content> choose(store::Connection& connection, const OrganisationId& recipient, Instant at,
                            std::size_t limit, const keys::SealedStore& sealed_store) {
    std::vector<Content> chosen;
    std::size_t bytes = 0;
    for (store::DeliveryRow& row : store::due_deliveries(connection, recipient, at, limit)) {
        const auto sealed = store::sealed_payload(connection, row.message);
        if (!sealed) continue;  // wiped: what was entered by mistake is not handed out
        Said said = said_at(connection, row.accepted);
        Content content{row, std::move(said.statement), said.groups, said.purpose,
                        sequencer::open_payload(sealed_store, row.message, *sealed)};
        bytes += content.statement.size() + content.payload.size();
        if (!chosen.empty() && bytes > limits::kInboxBatchBytes) break;
        chosen.push_back(std::move(content));
    }
    return chosen;
}

Candidate candidate_of(const Content& content) {
    Candidate candidate{content.row.id,      content.row.referral,
                        content.row.consent, statement::sha256(content.statement),
                        content.groups,      content.purpose};
    if (content.row.type != MessageType::referral_event) return candidate;
    const auto event = codec::decode<codec::ReferralEventPayload>(content.payload);
    if (!event) store::refuse_stored("payload.sealed");
    candidate.reason = event->reason;
    candidate.outcome = event->outcome;
    return candidate;
}

codec::Delivery delivery_of(const Content& content, const Released& released) {
    return {.delivery = released.id,
            .statement = content.statement,
            .payload = content.payload,
            .pseudonym = released.pseudonym,
            .version = static_cast<std::int32_t>(released.version),
            .attempt = released.attempt,
            .not_after = released.not_after,
            .leaf = released.proof.leaf,
            .receipt = released.proof.receipt};
}

// Nothing where nothing was due.
std::optional<Look> look_once(const Rooms& rooms, const OrganisationId& recipient, std::size_t limit) {
    const auto chosen = rooms.readers.with([&](store::Connection& connection) {
        return choose(connection, recipient, rooms.sequencer.now(), limit, rooms.sealed_store);
    });
    if (chosen.empty()) return std::nullopt;
    std::vector<Candidate> candidates;
    for (const Content& content : chosen) candidates.push_back(candidate_of(content));
    const auto release = std::make_shared<Release>(recipient, std::move(candidates));
    Look result;
    result.code = rooms.sequencer.run(release).code;
    if (result.code) return result;
    for (const Released& released : release->released()) {
        for (const Content& content : chosen) {
            if (content.row.id == released.id)
                result.batch.deliveries.push_back(delivery_of(content, released));
        }
    }
    return result;
}

}  // namespace

Look look(const Rooms& rooms, const OrganisationId& recipient, std::size_t limit) {
    Look result;
    for (int batch = 0; batch < kBatchesOfOneLook; ++batch) {
        auto released = look_once(rooms, recipient, limit);
        if (!released) break;
        result = *std::move(released);
        if (result.code || !result.batch.deliveries.empty()) break;
    }
    return result;
}

}  // namespace kesher::inbox
