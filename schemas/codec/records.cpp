#include "schemas/codec/records.h"

#include <cassert>

#include "schemas/codec/payload.h"
#include "schemas/codec/record_names.h"
#include "schemas/codec/sealed_forms.h"
#include "schemas/codec/walk.h"

namespace kesher::codec {

using contract::Bytes;
using contract::ByteView;
using contract::Code;
using contract::Failure;
using contract::Result;

namespace {

constexpr std::array<std::uint8_t, 2> kMark = {0xC3, 0x01};
constexpr std::size_t kHeaderSize = 10;

contract::OrganisationId nobody() { return contract::OrganisationId::hub(); }

// The record's bytes behind the header, and the first flaw where there is one.
struct Written {
    Bytes binary;
    std::optional<std::string> flaw;
};

template <class Record>
Written write(const Record& record) {
    static_assert(!kRecordName<Record>.empty());
    Writer writer;
    Sub<Record>{}.write(writer, record);
    Written written{.binary = {}, .flaw = writer.flaw()};
    written.binary = writer.take();
    if (written.flaw) return written;
    const ReleasedSchema& schema = newest_schema(kRecordName<Record>);
    const auto walked = walk(*schema.schema, written.binary, schema.clear_bytes_max);
    if (walked) return written;
    // Every single field kept its rule, so what is left to break is the bound on all of them together.
    assert(walked.error().reason == WalkReason::too_much_clear);
    written.flaw = std::string(kRecordName<Record>);
    return written;
}

}  // namespace

template <>
Delivery blank<Delivery>() {
    return {.delivery = contract::DeliveryId::of_random({}), .pseudonym = contract::Pseudonym::of_random({})};
}
template <>
Draft blank<Draft>() {
    return {.recipient = nobody()};
}
template <>
HarmVeto blank<HarmVeto>() {
    return {.by = contract::OfficerId::parse("-").value()};
}
template <>
ConsentGiven blank<ConsentGiven>() {
    return {.discloser = nobody(), .recipient = nobody()};
}

std::optional<contract::SchemaFingerprint> read_fingerprint(ByteView bytes) {
    if (bytes.size() < kHeaderSize || bytes[0] != kMark[0] || bytes[1] != kMark[1]) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = kHeaderSize; i-- > kMark.size();) value = (value << 8) | bytes[i];
    return contract::SchemaFingerprint{value};
}

template <class Record>
Result<Record, Code> decode(ByteView bytes) {
    const auto fingerprint = read_fingerprint(bytes);
    const ReleasedSchema* schema = fingerprint ? find_schema(*fingerprint) : nullptr;
    if (schema == nullptr || schema->record != kRecordName<Record>) return Failure{Code::schema_unknown};
    const ByteView binary = bytes.subspan(kHeaderSize);
    if (!walk(*schema->schema, binary, schema->clear_bytes_max)) return Failure{Code::payload_invalid};
    const DecodedValue value(*schema->schema, binary);
    auto record = Sub<Record>{}.read(value.root());
    if (!record) return Failure{Code::payload_invalid};
    return *std::move(record);
}

template <class Record>
std::optional<std::string> flaw(const Record& record) {
    return write(record).flaw;
}

template <class Record>
Bytes encode(const Record& record) {
    const Written written = write(record);
    if (written.flaw)
        throw FlawedRecord("codec: a flawed " + std::string(kRecordName<Record>) + ": " + *written.flaw);
    auto fingerprint = static_cast<std::uint64_t>(newest_schema(kRecordName<Record>).fingerprint);
    Bytes bytes(kMark.begin(), kMark.end());
    for (; bytes.size() < kHeaderSize; fingerprint >>= 8)
        bytes.push_back(static_cast<std::uint8_t>(fingerprint));
    bytes.insert(bytes.end(), written.binary.begin(), written.binary.end());
    return bytes;
}

#define KESHER_RECORD(Record)                                \
    template Result<Record, Code> decode<Record>(ByteView);  \
    template std::optional<std::string> flaw(const Record&); \
    template Bytes encode(const Record&)
KESHER_RECORD(Submission);
KESHER_RECORD(SubmissionBatch);
KESHER_RECORD(DeliveryBatch);
KESHER_RECORD(ReferralSubmitted);
KESHER_RECORD(ReferralEventPayload);
KESHER_RECORD(Draft);
KESHER_RECORD(ConsentGiven);
KESHER_RECORD(ConsentRevoked);
KESHER_RECORD(ConsentRevocationAcked);
KESHER_RECORD(IntakeScreened);
KESHER_RECORD(EligibilityAsked);
KESHER_RECORD(EligibilityAnswered);
KESHER_RECORD(CapacityUpdated);
KESHER_RECORD(AgendaProposed);
KESHER_RECORD(HeadcountReported);
KESHER_RECORD(Sealed);
#undef KESHER_RECORD

}  // namespace kesher::codec
