#include "gateway/keys/claim_codes.h"

#include <algorithm>
#include <optional>

namespace kesher::keys {
namespace {

using contract::Failure;
using contract::Result;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kCheckLabel = "kesher.key-check.v1";

// What keyboards, word processors and messengers put between or around the groups, in UTF-8.
constexpr std::array<std::string_view, 17> kIgnored{" ",
                                                    "-",
                                                    "\t",
                                                    "\r",
                                                    "\n",
                                                    ".",
                                                    "_",
                                                    "\xC2\xA0",  // no-break space
                                                    "\xD6\xBE",  // maqaf
                                                    "\xE2\x80\x8E",
                                                    "\xE2\x80\x8F",
                                                    "\xD8\x9C",  // marks of direction
                                                    "\xE2\x80\x90",
                                                    "\xE2\x80\x91",
                                                    "\xE2\x80\x93",
                                                    "\xE2\x80\x94",   // hyphens and dashes
                                                    "\xE2\x88\x92"};  // minus sign

// Times x in GF(32) with x^5 = x^2 + 1.
constexpr unsigned times_x(unsigned value) {
    const unsigned shifted = value << 1;
    return (shifted & 32U) != 0 ? (shifted ^ 37U) & 31U : shifted;
}

// Horner's rule over the values so far; a whole code gives 0.
unsigned parity(std::string_view code) {
    unsigned sum = 0;
    for (const char c : code) sum = times_x(sum) ^ static_cast<unsigned>(kAlphabet.find(c));
    return sum;
}

std::optional<char> canonical(char typed) {
    char c = typed;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (kAlphabet.find(c) == std::string_view::npos) return std::nullopt;
    return c;
}

// Length of the ignored mark with which the text begins, 0 for none.
std::size_t ignored_at(std::string_view text) {
    const auto found = std::find_if(kIgnored.begin(), kIgnored.end(),
                                    [text](std::string_view mark) { return text.starts_with(mark); });
    return found == kIgnored.end() ? 0 : found->size();
}

std::optional<std::string> canonical_characters(std::string_view typed) {
    std::string code;
    while (!typed.empty()) {
        if (const std::size_t skip = ignored_at(typed); skip != 0) {
            typed.remove_prefix(skip);
            continue;
        }
        const auto c = canonical(typed.front());
        if (!c) return std::nullopt;
        code.push_back(*c);
        typed.remove_prefix(1);
    }
    return code;
}

}  // namespace

Result<ClaimCode, ClaimCodeProblem> ClaimCode::parse(std::string_view typed) {
    if (typed.size() > kTypedBytes) return Failure{ClaimCodeProblem::not_a_code};
    auto code = canonical_characters(typed);
    if (!code || code->size() != kLength) return Failure{ClaimCodeProblem::not_a_code};
    if (parity(*code) != 0) return Failure{ClaimCodeProblem::check_differs};
    return ClaimCode(std::move(*code));
}

ClaimCode ClaimCode::of_random(const std::array<std::uint8_t, 10>& random) {
    std::string code;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : random) {
        bits = (bits << 8) | byte;
        for (held += 8; held >= 5; held -= 5) code.push_back(kAlphabet[(bits >> (held - 5)) & 31U]);
    }
    code.push_back(kAlphabet[times_x(parity(code))]);
    return ClaimCode(std::move(code));
}

std::string ClaimCode::read_aloud() const {
    return text_.substr(0, 4) + '-' + text_.substr(4, 4) + '-' + text_.substr(8, 4) + '-' + text_.substr(12);
}

ClaimCode new_claim_code() {
    std::array<std::uint8_t, 10> random{};
    fill_random(random);
    return ClaimCode::of_random(random);
}

ClaimCodes::ClaimCodes(const ClaimKey& key) : hash_(key.reveal()) {}

contract::Digest ClaimCodes::stored(const ClaimCode& code) const {
    return hash_.of(contract::bytes_of(code.reveal()));
}

contract::Digest ClaimCodes::decoy() const { return stored(new_claim_code()); }

contract::Digest ClaimCodes::check_value() const { return hash_.of(contract::bytes_of(kCheckLabel)); }

}  // namespace kesher::keys
