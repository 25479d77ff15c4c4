#include "schemas/statement/acks.h"

#include <limits>
#include <set>
#include <stdexcept>

#include "schemas/contract/limits.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/verify_by_ring.h"
#include "schemas/statement/words.h"

namespace kesher::statement {
namespace {

namespace limits = contract::limits;
using contract::AckOutcome;
using contract::Code;
using contract::Failure;
using contract::Result;

std::optional<Ack> read_ack(const json::Value& value) {
    json::Object object(value);
    const auto delivery = contract::DeliveryId::parse(object.text("delivery"));
    const std::int64_t index = object.integer("index");
    const auto outcome = contract::kAckOutcomes.parse(object.text("outcome"));
    const auto code = object.optional_text("code");
    const auto native = object.optional_text("native");
    const auto surplus = object.optional_integer("surplus");
    if (!object.finish() || !delivery || !outcome || index < 0) return std::nullopt;
    Ack ack{*delivery, contract::LeafIndex{static_cast<std::uint64_t>(index)}, *outcome};
    if (code && !(ack.code = contract::parse_code(*code))) return std::nullopt;
    if (native && !(ack.native = contract::digest_from_base64url(*native))) return std::nullopt;
    ack.surplus = surplus;
    return ack;
}

std::optional<Acks> read_claims(std::string_view text) {
    const auto value = json::read(text, kClaimsBounds);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const bool version = object.integer("v") == 1;
    Acks acks{std::string(object.text("log")), {}};
    const auto items = object.array("acks");
    if (!object.finish() || !version || items.size() > limits::kInboxBatchDeliveries) return std::nullopt;
    for (const json::Value& item : items) {
        const auto ack = read_ack(item);
        if (!ack) return std::nullopt;
        acks.acks.push_back(*ack);
    }
    return acks;
}

bool fits_contract(const Ack& ack) {
    const bool taken = ack.outcome == AckOutcome::taken;
    return ack.code.has_value() == (ack.outcome == AckOutcome::refused) && ack.native.has_value() == taken &&
           (!ack.surplus || (taken && *ack.surplus >= 1)) &&
           contract::number(ack.index) <=
               static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

bool fits_contract(const Acks& acks) {
    if (acks.acks.empty() || acks.acks.size() > limits::kInboxBatchDeliveries) return false;
    std::set<contract::DeliveryId> seen;
    for (const Ack& ack : acks.acks) {
        if (!fits_contract(ack) || !seen.insert(ack.delivery).second) return false;
    }
    return is_log_origin(acks.log);
}

void write_ack(json::Writer& writer, const Ack& ack) {
    writer.open_object()
        .text("delivery", ack.delivery.text())
        .number("index", static_cast<std::int64_t>(contract::number(ack.index)))
        .text("outcome", contract::kAckOutcomes.text(ack.outcome));
    if (ack.code) writer.text("code", contract::text(*ack.code));
    if (ack.native) writer.text("native", contract::base64url(ack.native->view()));
    if (ack.surplus) writer.number("surplus", *ack.surplus);
    writer.close();
}

}  // namespace

std::string sign_acks(const Acks& acks, const Signer& signer, contract::Day iat) {
    if (!fits_contract(acks)) throw std::logic_error("these acknowledgements break the contract");
    json::Writer writer;
    writer.open_object().number("v", 1).text("log", acks.log).open_array("acks");
    for (const Ack& ack : acks.acks) write_ack(writer, ack);
    return sign(signer, kAcksType, iat, writer.close().close().take());
}

Result<VerifiedAcks, Code> verify_acks(std::string_view jws, const OrderDemand& demand) {
    if (demand.at > demand.keys.not_after) return Failure{Code::certificate_unknown};
    const auto verified =
        verify_by(demand.keys.ring(), jws, kAcksType, demand.at, limits::kSignedDocumentBytes);
    if (!verified) return Failure{verified.error()};
    auto acks = read_claims(verified->payload);
    const auto day = whole_day(verified->iat);
    if (!acks || !day || !fits_contract(*acks)) return Failure{Code::statement_invalid};
    if (acks->log != demand.log) return Failure{Code::wrong_log};
    if (!is_timely(*day, demand.at)) return Failure{Code::clock_skew};
    return VerifiedAcks{std::move(*acks), *day, verified->document, verified->certificate};
}

}  // namespace kesher::statement
