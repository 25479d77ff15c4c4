// A code is found however it is typed, a slip of the finger is told from an unknown code.
// The golden values were computed apart from this program from the form in claim_codes.h.
#include <catch2/catch.hpp>

#include <set>

#include "gateway/keys/claim_codes.h"

using namespace kesher;
using namespace kesher::keys;

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::array<std::uint8_t, 10> kCounting{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
const std::string kCode = "041061050R3GG28AB";

ClaimKey counting_key() {
    contract::Bytes bytes;
    for (std::uint8_t i = 0; i < 32; ++i) bytes.push_back(i);
    return ClaimKey::from(bytes).value();
}

std::string outcome(std::string_view typed) {
    const auto code = ClaimCode::parse(typed);
    if (code) return code->reveal();
    return code.error() == ClaimCodeProblem::check_differs ? "check differs" : "not a code";
}

}  // namespace

TEST_CASE("Code and stored form keep their published shape for ever") {
    CHECK(ClaimCode::of_random(kCounting).reveal() == kCode);
    CHECK(ClaimCode::of_random({}).reveal() == "00000000000000000");
    std::array<std::uint8_t, 10> ones{};
    ones.fill(0xFF);
    CHECK(ClaimCode::of_random(ones).reveal() == "ZZZZZZZZZZZZZZZZM");
    const ClaimCodes codes(counting_key());
    CHECK(contract::hex(codes.stored(ClaimCode::of_random(kCounting)).view()) ==
          "a8ec35ec4f52d9928c327b9a19d4337e139974226d826b0e0c9ad84b0e11228e");
    CHECK(contract::hex(codes.check_value().view()) ==
          "14f2a1d5498697327a0bd013ec33459136b0aeca88b50c02ca0ee43591120d03");
}

TEST_CASE("A code is read aloud in groups and found again as it was read") {
    CHECK(ClaimCode::of_random(kCounting).read_aloud() == "0410-6105-0R3G-G28AB");
    CHECK(outcome("0410-6105-0R3G-G28AB") == kCode);
}

TEST_CASE("A code is found however a person types it") {
    for (const char* typed :
         {"041061050R3GG28AB", "041061050r3gg28ab", " 0410 6105 0R3G G28AB ",
          "0410 - 6105 - 0r3g - g28ab\r\n", "O41O61O5OR3GG28AB", "o4i06l05or3gg28ab", "04L0-6I05-0R3G-G28AB",
          "0410\xE2\x80\x93"
          "6105\xE2\x80\x94"
          "0R3G\xE2\x80\x91G28AB",
          "\xE2\x80\x8F"
          "0410-6105-0R3G-G28AB\xE2\x80\x8E",
          "0410\xD6\xBE"
          "6105\xC2\xA0"
          "0R3G.G28AB",
          "0410\xE2\x88\x92"
          "6105_0R3G\tG28AB",
          "\xD8\x9C"
          "041061050R3GG28AB"}) {
        CAPTURE(typed);
        CHECK(outcome(typed) == kCode);
    }
}

TEST_CASE("What cannot be a code is told apart from a slip") {
    for (const char* typed :
         {"", " ", "-", "041061050R3GG28A", "041061050R3GG28ABB", "041061050R3GG28AU", "041061050R3GG28A*",
          "041061050R3GG28A\xD7\x90", "041061050R3GG28A\xE2", "10123456789ABCDEFL0", "000000018"}) {
        CAPTURE(typed);
        CHECK(outcome(typed) == "not a code");
    }
    CHECK(outcome(std::string("041061050R3GG28A\0", 17)) == "not a code");
}

TEST_CASE("Every single wrong character is noticed") {
    for (std::size_t place = 0; place < kCode.size(); ++place) {
        for (const char wrong : kAlphabet) {
            if (wrong == kCode[place]) continue;
            std::string typed = kCode;
            typed[place] = wrong;
            CAPTURE(typed);
            CHECK(outcome(typed) == "check differs");
        }
    }
}

TEST_CASE("Every swap of two different characters is noticed") {
    for (std::size_t a = 0; a < kCode.size(); ++a) {
        for (std::size_t b = a + 1; b < kCode.size(); ++b) {
            if (kCode[a] == kCode[b]) continue;
            std::string typed = kCode;
            std::swap(typed[a], typed[b]);
            CAPTURE(typed);
            CHECK(outcome(typed) == "check differs");
        }
    }
}

TEST_CASE("Input over 256 bytes is not looked at") {
    CHECK(outcome(kCode + std::string(256 - kCode.size(), ' ')) == kCode);
    CHECK(outcome(kCode + std::string(257 - kCode.size(), ' ')) == "not a code");
}

TEST_CASE("Ten thousand new codes are all different and none of their 80 bits stands still") {
    std::set<std::string> seen;
    std::array<std::set<char>, 16> letters;
    int refused = 0;
    for (int i = 0; i < 10'000; ++i) {
        const std::string code = new_claim_code().reveal();
        if (outcome(code) != code) ++refused;
        seen.insert(code);
        for (std::size_t k = 0; k < letters.size(); ++k) letters[k].insert(code[k]);
    }
    CHECK(refused == 0);
    CHECK(seen.size() == 10'000);
    for (const auto& place : letters) CHECK(place.size() == 32);
}

TEST_CASE(
    "The stored form differs from code to code and from key to key and a decoy is never twice the same") {
    const ClaimCodes codes(counting_key());
    const auto code = ClaimCode::of_random(kCounting);
    CHECK_FALSE(codes.stored(code) == codes.stored(ClaimCode::of_random({})));
    CHECK_FALSE(codes.stored(code) == ClaimCodes(ClaimKey::random()).stored(code));
    CHECK_FALSE(codes.decoy() == codes.decoy());
}
