// A payload is what its statement says it is: type, claimed schema and bytes agree.
#include <catch2/catch.hpp>

#include "schemas/codec/schema.h"
#include "schemas/contract/limits.h"
#include "tests/unit/codec/samples.h"

using namespace kesher;
using namespace kesher::codec;
using contract::Code;
using contract::MessageType;

namespace {
contract::SchemaFingerprint fingerprint(std::string_view record) { return newest_schema(record).fingerprint; }
}  // namespace

TEST_CASE("Every record of a message type is decoded by that type and by no other") {
    samples::each([&]<class Record>(const std::string& name, const Record& record) {
        const auto bytes = encode(record);
        const auto claimed = read_fingerprint(bytes).value();
        const auto type = find_schema(claimed)->type;
        CAPTURE(name);
        for (std::size_t i = 0; i < contract::kMessageTypes.size(); ++i) {
            const auto asked = static_cast<MessageType>(i);
            const auto payload = decode_payload(asked, claimed, bytes);
            REQUIRE(payload.has_value() == (type == asked));
            if (!payload) CHECK(payload.error() == Code::schema_unknown);
        }
    });
}

TEST_CASE("The bytes name the very schema that the statement claims") {
    const auto draft = encode(samples::of<Draft>().at(0));
    CHECK(std::holds_alternative<Draft>(
        decode_payload(MessageType::referral_event, fingerprint("Draft"), draft).value()));
    CHECK(decode_payload(MessageType::referral_event, fingerprint("ReferralEvent"), draft).error() ==
          Code::payload_invalid);
    CHECK(decode_payload(MessageType::referral_event, contract::SchemaFingerprint{1}, draft).error() ==
          Code::schema_unknown);
    CHECK(decode_payload(MessageType::referral_event, fingerprint("Draft"), {}).error() ==
          Code::payload_invalid);
}

TEST_CASE("A payload over six mebibytes is refused whatever it holds") {
    auto referral = samples::of<ReferralSubmitted>().at(0);
    const std::size_t besides = encode(referral).size() - referral.sealed.size() + 3;  // a longer length
    referral.sealed.insert(referral.sealed.end(),
                           contract::limits::kPayloadBytes - besides - referral.sealed.size(), 'A');
    const auto largest = encode(referral);
    REQUIRE(largest.size() <= contract::limits::kPayloadBytes);
    CHECK(decode_payload(MessageType::referral_submitted, fingerprint("ReferralSubmitted"), largest));
    referral.sealed.insert(referral.sealed.end(), contract::limits::kPayloadBytes - largest.size() + 1, 'A');
    const auto over = encode(referral);
    REQUIRE(over.size() == contract::limits::kPayloadBytes + 1);
    CHECK(decode_payload(MessageType::referral_submitted, fingerprint("ReferralSubmitted"), over).error() ==
          Code::payload_invalid);
}

TEST_CASE("The fingerprint is read least significant byte first and only behind the mark") {
    const contract::Bytes bytes = {0xC3, 0x01, 0x8f, 0x5c, 0x39, 0x3f, 0x1a, 0xd5, 0x75, 0x72};
    CHECK(read_fingerprint(bytes) == contract::SchemaFingerprint{0x7275d51a3f395c8f});
    CHECK_FALSE(read_fingerprint(contract::ByteView(bytes).first(9)));
    contract::Bytes other = bytes;
    other[1] = 0x02;
    CHECK_FALSE(read_fingerprint(other));
}

TEST_CASE("The sealed part is found where there is one") {
    CHECK(sealed_part(samples::of<ReferralSubmitted>().at(0)));
    CHECK(sealed_part(samples::of<ReferralEventPayload>().at(0)));
    CHECK_FALSE(sealed_part(samples::of<ReferralEventPayload>().at(1)));
    CHECK_FALSE(sealed_part(samples::of<Draft>().at(0)));
}
