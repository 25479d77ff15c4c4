#include "gateway/http/log.h"

#include "audit/log/decimal.h"
#include "audit/log/leaf.h"
#include "gateway/insight/log_reading.h"
#include "gateway/insight/read_request.h"

namespace kesher::http {
namespace {

using namespace contract;

edge::Response plain_text(std::string body) {
    edge::Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(body);
    return response;
}

std::optional<LeafIndex> parse_index(std::string_view text) {
    const auto index = log::parse_decimal(text);
    return index ? std::optional(LeafIndex{*index}) : std::nullopt;
}

enum class Sight {
    none,
    own,        // its own doing, a release to it, or what everybody may see: no disclosure
    as_auditor  // somebody else's: a read with its leaf
};

Sight sight_of(const identity::Caller& caller, const std::string& leaf_text) {
    const auto leaf = log::split_leaf(leaf_text);
    const auto record =
        leaf ? log::parse_record(leaf->record) : log::Result<log::Record>(log::fail(leaf.error()));
    if (!record) return Sight::none;
    const bool open = record->event == log::RecordEvent::organisation ||
                      record->event == log::RecordEvent::keys || record->event == log::RecordEvent::agreement;
    // A release that was refused is not its would-be recipient's: she learns nothing of what never came.
    const bool released_to = record->event == log::RecordEvent::released && record->recipient == caller.id &&
                             record->decision == log::Decision::permit;
    if (open || released_to || record->org == caller.id) return Sight::own;
    return reader_of(caller).auditor ? Sight::as_auditor : Sight::none;
}

// An auditor reads entries of others: first the leaf that says so.
std::optional<Code> log_entries_read(const HubRooms& rooms, const identity::Caller& caller,
                                     std::uint64_t first, std::uint32_t count) {
    log::Scope scope;
    scope.rows = count;
    scope.search = log::Facts{}.add("index", first);
    return rooms.sequencer()
        .run(std::make_shared<insight::ReadRequest>(
            insight::Looking{caller.id, caller.certificate, "log-entries", true, std::move(scope)},
            std::vector<insight::Seen>{}, std::nullopt))
        .code;
}

edge::Response entry_bundle(const HubRooms& rooms, const identity::Caller& caller,
                            const merkle::EntryBundle& bundle) {
    if (!reader_of(caller).auditor) return refused(Code::not_found);
    const auto bytes = rooms.insight.readers.look(
        [&](auto& connection) { return insight::bundle_bytes(connection, bundle); });
    if (!bytes) return refused(Code::not_found);
    if (const auto code = log_entries_read(rooms, caller, bundle.n * merkle::kTileWidth, bundle.width)) {
        return refused(*code);
    }
    return edge::bytes_response(*bytes, "application/octet-stream");
}

}  // namespace

edge::Response get_checkpoint(const HubRooms& rooms, const identity::Caller&, const edge::Request&) {
    auto note = rooms.insight.readers.with(
        [](auto& connection) { return insight::checkpoint_with_cosignatures(connection); });
    if (!note) return refused(Code::not_found);
    return plain_text(*std::move(note));
}

edge::Response get_tile(const HubRooms& rooms, const identity::Caller& caller, const edge::Request& request) {
    const std::string path = "tile/" + request.capture("tile");
    if (const auto bundle = merkle::parse_bundle_path(path)) return entry_bundle(rooms, caller, *bundle);
    const auto tile = merkle::parse_tile_path(path);
    if (!tile) return refused(Code::not_found);
    const auto bytes =
        rooms.insight.readers.look([&](auto& connection) { return insight::tile_bytes(connection, *tile); });
    if (!bytes) return refused(Code::not_found);
    return edge::bytes_response(*bytes, "application/octet-stream");
}

edge::Response get_receipt(const HubRooms& rooms, const identity::Caller& caller,
                           const edge::Request& request) {
    const auto index = parse_index(request.capture("index"));
    if (!index) return refused(Code::not_found);
    const auto witnesses = sequencer::witnesses_of(*caller.registry);
    const auto receipted = rooms.insight.readers.look(
        [&](auto& connection) { return insight::receipt_with_cosignatures(connection, *index, witnesses); });
    if (!receipted) return refused(Code::not_found);
    const Sight sight = sight_of(caller, receipted->leaf);
    if (sight == Sight::as_auditor) {
        if (const auto code = log_entries_read(rooms, caller, number(*index), 1)) return refused(*code);
    }
    json::Writer json;
    json.open_object().number("index", static_cast<std::int64_t>(number(receipted->index)));
    if (sight != Sight::none) json.text("leaf", receipted->leaf);
    json.text("receipt", receipted->receipt).close();
    return edge::json_response(json.take());
}

edge::Response get_add_checkpoint(const HubRooms& rooms, const identity::Caller& caller,
                                  const edge::Request& request) {
    const auto text = request.query_value("old");
    const auto old = text && request.query.size() == 1 ? log::parse_decimal(*text) : std::nullopt;
    if (!old) return refused(Code::statement_invalid);
    auto body = rooms.witnessing.add_checkpoint(*caller.registry, caller.id, TreeSize{*old},
                                                std::chrono::steady_clock::now());
    if (!body) return refused(body.error());
    edge::Response response = plain_text(*std::move(body));
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

edge::Response post_cosignatures(const HubRooms& rooms, const identity::Caller& caller,
                                 const edge::Request& request) {
    const auto kept = rooms.witnessing.cosignatures(*caller.registry, caller.id, request.text());
    if (!kept) {
        // A 401 has no leaf of its own: it is counted (contract.md 5).
        if (kept.error() == Code::signature_invalid) return counted(rooms, caller, kept.error());
        return refused(kept.error());
    }
    json::Writer json;
    json.open_object()
        .number("size", static_cast<std::int64_t>(number(kept->size)))
        .boolean("first", kept->first)
        .close();
    return edge::json_response(json.take());
}

}  // namespace kesher::http
