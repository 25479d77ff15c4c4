// The code with which a person finds her case: 80 random bits that she can read out and type.
//
// 16 characters of Crockford's base32 (no I, L, O, U) and one check character of the same alphabet,
// written 7K3M-Q9TX-0B4H-ZW5R8. The check is one parity symbol over GF(32) (x^5+x^2+1): the sum of
// the 17 values, each times a falling power of x, is 0. So every single wrong character and every
// swap of two characters is noticed before anything is looked up, and she may be told of it
// (domain.md 5.4); all else that does not fit is answered like an unknown code.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/keys/keyed_hash.h"
#include "gateway/keys/secret.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/result.h"

namespace kesher::keys {

enum class ClaimCodeProblem {
    not_a_code,    // empty, too short, too long, foreign characters: answered like an unknown code
    check_differs  // 17 characters of the alphabet, one mistyped: the only thing that may be named
};

// It cannot be printed. reveal() and read_aloud() are for the one answer that hands it over.
class ClaimCode {
public:
    static constexpr std::size_t kLength = 17;
    static constexpr std::size_t kTypedBytes = 256;  // longer input is not_a_code

    // Takes what people type: lower case, spaces, hyphens and dashes of any kind, the marks of
    // direction that Hebrew and Arabic text bring along, O for 0, I and L for 1.
    [[nodiscard]] static contract::Result<ClaimCode, ClaimCodeProblem> parse(std::string_view typed);
    [[nodiscard]] static ClaimCode of_random(const std::array<std::uint8_t, 10>& random);

    [[nodiscard]] const std::string& reveal() const { return text_; }  // 17 characters
    [[nodiscard]] std::string read_aloud() const;  // groups of 4, 4, 4 and 5, joined by hyphens
    friend bool operator==(const ClaimCode&, const ClaimCode&) = default;

private:
    explicit ClaimCode(std::string text) : text_(std::move(text)) {}
    std::string text_;
};
template <class Stream>
Stream& operator<<(Stream&, const ClaimCode&) = delete;

[[nodiscard]] ClaimCode new_claim_code();  // throws without randomness

// The stored form: HMAC-SHA-256(K_claim, the 17 characters).
class ClaimCodes {
public:
    explicit ClaimCodes(const ClaimKey& key);
    [[nodiscard]] contract::Digest stored(const ClaimCode& code) const;
    // The stored form of a code that was drawn and thrown away: looked up in place of what was no
    // code, so that an empty field takes the same path and time as an unknown code.
    [[nodiscard]] contract::Digest decoy() const;
    [[nodiscard]] contract::Digest check_value() const;  // as RowKeys::check_value()

private:
    KeyedHash hash_;
};

}  // namespace kesher::keys
