// The walk accepts the one canonical encoding of a value and nothing else, in bounded time and memory.
// Method: small schemas and bytes by hand; then samples, cut at every byte and turned at every bit.
#include <catch2/catch.hpp>

#include "schemas/codec/walk.h"
#include "schemas/contract/limits.h"
#include "tests/unit/codec/samples.h"

using namespace kesher;
using namespace kesher::codec;
using contract::Bytes;

namespace {

constexpr std::size_t kRoom = 64 * 1024;

// "accepted", or the reason and the offset: "truncated@3".
std::string walked(std::string_view avsc, const Bytes& bytes, std::size_t clear_bytes_max = kRoom) {
    const auto result = walk(parse_schema(avsc), bytes, clear_bytes_max);
    if (result) return "accepted";
    return std::string(text(result.error().reason)) + '@' + std::to_string(result.error().offset);
}

constexpr const char* kPair = R"({"type": "record", "name": "R", "fields": [
    {"name": "a", "type": "int"}, {"name": "b", "type": "string"}]})";
constexpr const char* kTwoSymbols = R"({"type": "enum", "name": "E", "symbols": ["x", "y"]})";
constexpr const char* kInts = R"({"type": "array", "items": "int"})";
constexpr const char* kMaybe = R"(["null", "int"])";

// Every accepted input has one value: decoded and written again it gives the same bytes.
template <class Record>
void check_every_bit(const Record& record) {
    Bytes bytes = encode(record);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const auto turn = static_cast<std::uint8_t>(1U << (bit % 8));
        bytes[bit / 8] ^= turn;
        const auto decoded = decode<Record>(bytes);
        if (decoded && !flaw(*decoded) && encode(*decoded) != bytes) FAIL("bit " << bit);
        bytes[bit / 8] ^= turn;
    }
}

}  // namespace

TEST_CASE("Six things that avro-c takes are refused") {
    CHECK(walked(kTwoSymbols, {14}) == "no_such_symbol@0");  // symbol 7 of 2
    CHECK(walked("\"boolean\"", {2}) == "boolean_not_0_or_1@0");
    CHECK(walked(kPair, {2, 2, 'x', 0}) == "not_all_used@3");  // trailing bytes
    CHECK(walked(kPair, {0x82, 0x00, 2, 'x'}) == "varint_not_shortest@0");
    CHECK(walked(kPair, {2, 2, 0xFF}) == "not_utf8@1");
    CHECK(walked(kPair, {2, 2, 0x00}) == "holds_nul@1");
    CHECK(walked(kPair, {2, 2, 'x'}) == "accepted");
}

TEST_CASE("A number is in its shortest form and inside its type") {
    CHECK(walked("\"int\"", {0xFE, 0xFF, 0xFF, 0xFF, 0x0F}) == "accepted");  // 2^31 - 1
    CHECK(walked("\"int\"", {0xFF, 0xFF, 0xFF, 0xFF, 0x0F}) == "accepted");  // -2^31
    CHECK(walked("\"int\"", {0x80, 0x80, 0x80, 0x80, 0x10}) == "out_of_range@0");
    CHECK(walked("\"int\"", {0x81, 0x80, 0x80, 0x80, 0x10}) == "out_of_range@0");
    const Bytes nine(9, 0xFF);
    for (const std::uint8_t last : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{0x80}, std::uint8_t{0}}) {
        Bytes bytes = nine;
        bytes.push_back(last);
        const std::string expected = last == 1   ? "accepted"
                                     : last == 0 ? "varint_not_shortest@0"
                                                 : "varint_too_long@0";
        CHECK(walked("\"long\"", bytes) == expected);
    }
    CHECK(walked("\"long\"", nine) == "truncated@0");
    CHECK(walked("\"long\"", {}) == "truncated@0");
    CHECK(walked("\"long\"", {0x80, 0x80, 0x00}) == "varint_not_shortest@0");
}

TEST_CASE("An array is nothing or one block and then its end") {
    CHECK(walked(kInts, {0}) == "accepted");
    CHECK(walked(kInts, {4, 1, 2, 0}) == "accepted");
    CHECK(walked(kInts, {2, 1, 2, 2, 0}) == "block_not_canonical@2");  // a second block
    CHECK(walked(kInts, {1, 2, 1, 0}) == "block_not_canonical@0");     // count -1 with a size
    CHECK(walked(kInts, {4, 1, 2}) == "truncated@3");
    CHECK(walked(kInts, {4, 1}) == "truncated@2");
}

TEST_CASE("A list holds at most 256 items and a count of any size costs nothing") {
    Bytes bytes = {0x80, 0x04};  // 256
    bytes.insert(bytes.end(), 256, 0);
    bytes.push_back(0);
    CHECK(walked(kInts, bytes) == "accepted");
    bytes[0] = 0x82;  // 257
    bytes.push_back(0);
    CHECK(walked(kInts, bytes) == "too_many_items@0");
    const Bytes least = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};  // INT64_MIN
    const Bytes most = {0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};   // INT64_MAX
    CHECK(walked(kInts, least) == "block_not_canonical@0");
    CHECK(walked(kInts, most) == "too_many_items@0");
    CHECK(walked("\"string\"", least) == "negative_length@0");
    CHECK(walked("\"bytes\"", least) == "negative_length@0");
    CHECK(walked("\"bytes\"", most) == "truncated@0");
    CHECK(walked("\"bytes\"", {1}) == "negative_length@0");
}

TEST_CASE("A union has two branches and a fixed has its size") {
    CHECK(walked(kMaybe, {0}) == "accepted");
    CHECK(walked(kMaybe, {2, 8}) == "accepted");
    CHECK(walked(kMaybe, {4, 8}) == "no_such_branch@0");
    CHECK(walked(kMaybe, {1}) == "no_such_branch@0");
    CHECK(walked(R"({"type": "fixed", "name": "F", "size": 2})", {1, 2}) == "accepted");
    CHECK(walked(R"({"type": "fixed", "name": "F", "size": 2})", {1}) == "truncated@0");
}

TEST_CASE("What is not in a bytes field counts as clear and has a bound") {
    const char* both = R"({"type": "record", "name": "R", "fields": [
        {"name": "s", "type": "string"}, {"name": "b", "type": "bytes"}]})";
    const Bytes bytes = {6, 'a', 'b', 'c', 4, 0xFF, 0xFF};
    CHECK(walked(both, bytes, 5) == "accepted");  // two lengths and three letters
    CHECK(walked(both, bytes, 4) == "too_much_clear@7");
    CHECK(walked(both, bytes, 3) == "too_much_clear@4");
}

TEST_CASE("A schema may be nested as deep as the limit and bytes no deeper") {
    Schema schema{.kind = Kind::int32};
    for (std::size_t depth = 0; depth < contract::limits::kAvroDepth; ++depth) {
        schema = Schema{.kind = Kind::array, .inner = {schema}};
    }
    const auto nested = [](std::size_t depth) {
        Bytes bytes(depth, 2);
        bytes.push_back(8);
        bytes.insert(bytes.end(), depth, 0);
        return bytes;
    };
    CHECK(walk(schema, nested(contract::limits::kAvroDepth), kRoom));
    schema = Schema{.kind = Kind::array, .inner = {schema}};
    CHECK(walk(schema, nested(contract::limits::kAvroDepth + 1), kRoom).error().reason ==
          WalkReason::too_deep);
}

TEST_CASE("A record that is cut at any byte is refused") {
    samples::each([]<class Record>(const std::string& name, const Record& record) {
        const Bytes bytes = encode(record);
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            // A copy of just that length, so that a read beyond it is seen.
            const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
            if (decode<Record>(cut)) FAIL(name << " at " << length);
        }
    });
}

TEST_CASE("A record with any single bit turned is refused or is another value in its one encoding") {
    check_every_bit(samples::of<Draft>().at(0));
    check_every_bit(samples::of<ReferralEventPayload>().at(0));
    check_every_bit(samples::of<Submission>().at(0));
    check_every_bit(samples::of<CapacityUpdated>().at(0));
    check_every_bit(samples::of<Sealed>().at(1));
}
