#include "gateway/http/inbox.h"

#include <charconv>

#include "gateway/inbox/acknowledgement.h"
#include "gateway/inbox/poll.h"
#include "schemas/codec/records.h"
#include "schemas/contract/limits.h"

namespace kesher::http {
namespace {

using namespace contract;
using namespace std::chrono_literals;

// A lease or a spread ends without an arrival, so a waiting poll looks again by itself.
constexpr auto kLookAgain = 2'000ms;

std::optional<std::size_t> number_in(const edge::Request& request, std::string_view name,
                                     std::size_t standard, std::size_t most) {
    const auto text = request.query_value(name);
    if (!text) return standard;
    std::size_t value = 0;
    const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (fault != std::errc{} || end != text->data() + text->size() || value > most) return std::nullopt;
    return value;
}

void write_ack(json::Writer& json, const HubRooms& rooms, const inbox::AckAnswer& answer) {
    json.open_object().text("delivery", answer.delivery.text());
    if (answer.code) json.text("code", text(*answer.code));
    auto receipted = answer.receipt;
    if (!receipted && answer.leaf) receipted = rooms.sequencer().first_receipt(*answer.leaf);
    if (receipted) {
        json.number("index", static_cast<std::int64_t>(number(receipted->index)))
            .text("leaf", receipted->leaf)
            .text("receipt", receipted->receipt);
    }
    json.close();
}

}  // namespace

edge::Response get_inbox(const HubRooms& rooms, const identity::Caller& caller,
                         const edge::Request& request) {
    const auto wait = number_in(request, "wait", 0, static_cast<std::size_t>(limits::kInboxWaitMax / 1s));
    const auto limit =
        number_in(request, "limit", limits::kInboxBatchDeliveries, limits::kInboxBatchDeliveries);
    if (!wait || !limit || *limit == 0) return refused(Code::statement_invalid);
    const auto poll = rooms.inbox.arrivals.begin(caller.certificate);
    if (!poll) return refused(Code::busy);
    const auto place = rooms.calls.enter_poll(caller.id);
    const auto until = std::chrono::steady_clock::now() +
                       std::min<std::chrono::milliseconds>(std::chrono::seconds{*wait}, rooms.inbox_wait);
    bool waited = false;
    for (;;) {
        // A lease given to nobody would hold the delivery back for its whole time.
        if (waited && request.caller_left && request.caller_left()) return edge::empty_response();
        const std::uint64_t seen = rooms.inbox.arrivals.count(caller.id);
        const inbox::Look found = inbox::look(rooms.inbox, caller.id, *limit);
        if (found.code) return refused(*found.code);
        if (!found.batch.deliveries.empty()) {
            return edge::bytes_response(codec::encode(found.batch), "avro/binary");
        }
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left <= 0ms || request.stopping.stop_requested()) return edge::empty_response();
        rooms.inbox.arrivals.wait(caller.id, seen, std::min<std::chrono::milliseconds>(left, kLookAgain),
                                  request.stopping);
        waited = true;
    }
}

edge::Response post_acks(const HubRooms& rooms, const identity::Caller& caller,
                         const edge::Request& request) {
    const auto& keys = caller.organisation().keys;
    if (!keys) return counted(rooms, caller, Code::certificate_unknown);
    auto acks =
        statement::verify_acks(request.text(), {rooms.identity.log_origin, *keys, rooms.sequencer().now()});
    if (!acks) return counted(rooms, caller, acks.error());
    auto known = inbox::deliveries_of(rooms.inbox, *acks);
    const auto acknowledge = std::make_shared<inbox::Acknowledge>(caller.id, caller.certificate,
                                                                  *std::move(acks), std::move(known));
    const sequencer::Answer answer = rooms.sequencer().run(acknowledge);
    if (answer.code) return counted(rooms, caller, *answer.code);
    json::Writer json;
    json.open_object().open_array("acks");
    for (const inbox::AckAnswer& each : acknowledge->answers()) write_ack(json, rooms, each);
    json.close().close();
    return edge::json_response(json.take());
}

}  // namespace kesher::http
