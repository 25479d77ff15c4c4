#include "schemas/codec/payload.h"

#include <algorithm>

#include "schemas/codec/record_names.h"
#include "schemas/codec/schema.h"
#include "schemas/contract/limits.h"

namespace kesher::codec {
namespace {

using contract::ByteView;
using contract::Code;
using contract::Failure;
using contract::Result;

template <class Record>
Result<Payload, Code> decoded_as(ByteView bytes) {
    auto record = decode<Record>(bytes);
    if (!record) return Failure{record.error()};
    return Payload{std::move(record).value()};
}

// The alternative of Payload that carries this record's name.
template <std::size_t I = 0>
Result<Payload, Code> decode_named(std::string_view name, ByteView bytes) {
    if constexpr (I == std::variant_size_v<Payload>) {
        return Failure{Code::schema_unknown};
    } else {
        using Record = std::variant_alternative_t<I, Payload>;
        return name == kRecordName<Record> ? decoded_as<Record>(bytes) : decode_named<I + 1>(name, bytes);
    }
}

}  // namespace

Result<Payload, Code> decode_payload(contract::MessageType type, contract::SchemaFingerprint claimed,
                                     ByteView bytes) {
    const ReleasedSchema* schema = find_schema(claimed);
    if (schema == nullptr || schema->type != type) return Failure{Code::schema_unknown};
    if (bytes.size() > contract::limits::kPayloadBytes) return Failure{Code::payload_invalid};
    if (read_fingerprint(bytes) != claimed) return Failure{Code::payload_invalid};
    return decode_named(schema->record, bytes);
}

std::optional<ByteView> sealed_part(const Payload& payload) {
    if (const auto* referral = std::get_if<ReferralSubmitted>(&payload)) return referral->sealed;
    const auto* event = std::get_if<ReferralEventPayload>(&payload);
    if (event == nullptr || !event->sealed) return std::nullopt;
    return *event->sealed;
}

}  // namespace kesher::codec
