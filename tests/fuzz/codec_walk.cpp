// libFuzzer: whatever bytes come, every record is refused or decodes, and what decodes without a flaw
// is written again to the same bytes. A read beyond the input, a leak or a hang is a finding.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "schemas/codec/payload.h"
#include "schemas/codec/records.h"
#include "schemas/codec/schema.h"

namespace {

using namespace kesher;

template <class Record>
void round_trip(contract::ByteView bytes) {
    const auto decoded = codec::decode<Record>(bytes);
    if (!decoded || codec::flaw(*decoded)) return;
    const contract::Bytes again = codec::encode(*decoded);
    if (contract::text_of(again) != contract::text_of(bytes)) std::abort();
}

template <class... Records>
void each(contract::ByteView bytes) {
    (round_trip<Records>(bytes), ...);
}

}  // namespace

// The first byte chooses the schema, so that the fuzzer need not guess a fingerprint.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto schemas = codec::released_schemas();
    auto fingerprint = static_cast<std::uint64_t>(schemas[data[0] % schemas.size()].fingerprint);
    contract::Bytes bytes = {0xC3, 0x01};
    for (; bytes.size() < 10; fingerprint >>= 8) bytes.push_back(static_cast<std::uint8_t>(fingerprint));
    bytes.insert(bytes.end(), data + 1, data + size);
    each<codec::Submission, codec::SubmissionBatch, codec::DeliveryBatch, codec::ReferralSubmitted,
         codec::ReferralEventPayload, codec::Draft, codec::ConsentGiven, codec::ConsentRevoked,
         codec::ConsentRevocationAcked, codec::IntakeScreened, codec::EligibilityAsked,
         codec::EligibilityAnswered, codec::CapacityUpdated, codec::AgendaProposed, codec::HeadcountReported,
         codec::Sealed>(bytes);
    return 0;
}
