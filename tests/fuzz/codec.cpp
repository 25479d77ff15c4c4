// Every record is refused or decodes, and what decodes without a flaw is written again to the same bytes.
// avro-c is the referee: it reads whatever we accept, by the same schema, and writes the same bytes for it.
#include <avro.h>

#include <map>

#include "schemas/codec/payload.h"
#include "schemas/codec/records.h"
#include "schemas/codec/schema.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

constexpr std::size_t kHeader = 10;  // C3 01 and the fingerprint

// One for each schema, for the program's life.
struct RefereeClass {
    avro_schema_t schema = nullptr;
    avro_value_iface_t* iface = nullptr;
    ~RefereeClass() {
        if (iface != nullptr) avro_value_iface_decref(iface);
        if (schema != nullptr) avro_schema_decref(schema);
    }
};

avro_value_iface_t* class_of(const codec::ReleasedSchema& released) {
    static std::map<contract::SchemaFingerprint, RefereeClass> classes;
    RefereeClass& found = classes[released.fingerprint];
    if (found.iface == nullptr) {
        claim(avro_schema_from_json_length(released.text.data(), released.text.size(), &found.schema) == 0);
        found.iface = avro_generic_class_from_schema(found.schema);
    }
    return found.iface;
}

void ask_the_referee(contract::ByteView bytes) {
    const auto* released = codec::find_schema(codec::read_fingerprint(bytes).value());
    const contract::ByteView binary = bytes.subspan(kHeader);
    const std::string_view text = contract::text_of(binary);
    avro_value_t value{};
    claim(avro_generic_value_new(class_of(*released), &value) == 0);
    const avro_reader_t reader = avro_reader_memory(text.data(), static_cast<std::int64_t>(text.size()));
    claim(avro_value_read(reader, &value) == 0);
    std::string written(text.size() + 1, '\0');
    const avro_writer_t writer =
        avro_writer_memory(written.data(), static_cast<std::int64_t>(written.size()));
    claim(avro_value_write(writer, &value) == 0);
    claim(std::string_view(written).substr(0, static_cast<std::size_t>(avro_writer_tell(writer))) == text);
    avro_writer_free(writer);
    avro_reader_free(reader);
    avro_value_decref(&value);
}

template <class Record>
void round_trip(contract::ByteView bytes) {
    const auto decoded = codec::decode<Record>(bytes);
    if (!decoded) return;
    ask_the_referee(bytes);
    if (codec::flaw(*decoded)) return;
    const contract::Bytes again = codec::encode(*decoded);
    claim(contract::text_of(again) == contract::text_of(bytes));
}

template <class... Records>
void each(contract::ByteView bytes) {
    (round_trip<Records>(bytes), ...);
}

constexpr std::uint8_t kMark = 0xC3;

// The first byte chooses the schema, so that the fuzzer need not guess a fingerprint; bytes that begin as a
// single object begins are taken as one.
contract::Bytes single_object(contract::ByteView input) {
    if (input[0] == kMark) return {input.begin(), input.end()};
    const auto schemas = codec::released_schemas();
    auto fingerprint = static_cast<std::uint64_t>(schemas[input[0] % schemas.size()].fingerprint);
    contract::Bytes bytes = {kMark, 0x01};
    for (; bytes.size() < 10; fingerprint >>= 8) bytes.push_back(static_cast<std::uint8_t>(fingerprint));
    bytes.insert(bytes.end(), input.begin() + 1, input.end());
    return bytes;
}

}  // namespace

void records(contract::ByteView input) {
    if (input.empty()) return;
    each<codec::Submission, codec::SubmissionBatch, codec::DeliveryBatch, codec::ReferralSubmitted,
         codec::ReferralEventPayload, codec::Draft, codec::ConsentGiven, codec::ConsentRevoked,
         codec::ConsentRevocationAcked, codec::IntakeScreened, codec::EligibilityAsked,
         codec::EligibilityAnswered, codec::CapacityUpdated, codec::AgendaProposed, codec::HeadcountReported,
         codec::Sealed>(single_object(input));
}

}  // namespace kesher::fuzz
