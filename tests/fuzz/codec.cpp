// Every record is refused or decodes, and what decodes without a flaw is written again to the same bytes.
#include "schemas/codec/payload.h"
#include "schemas/codec/records.h"
#include "schemas/codec/schema.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

template <class Record>
void round_trip(contract::ByteView bytes) {
    const auto decoded = codec::decode<Record>(bytes);
    if (!decoded || codec::flaw(*decoded)) return;
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
