// A leaf: the exact bytes that are hashed, stored and served (audit-log.md 3.3).
//
// Two lines, each ended by LF, at most 16 KiB together: the sender's statement (compact JWS) or `-`
// where none was sent, then the hub's record. Nothing is canonicalised when a leaf is checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/log/flaw.h"
#include "audit/log/record.h"
#include "schemas/contract/bytes.h"

namespace kesher::log {

struct Leaf {
    std::optional<std::string> statement;
    std::string record;  // one JSON object; parse_record() reads it
    friend bool operator==(const Leaf&, const Leaf&) = default;
};

// too_large, or leaf_malformed where the statement is not a compact JWS (three base64url parts).
[[nodiscard]] Result<std::string> leaf_text(std::optional<std::string_view> statement, const Record& record);
[[nodiscard]] Result<Leaf> split_leaf(std::string_view text);
[[nodiscard]] contract::Digest leaf_hash(std::string_view text);

// K_subject: 32 random bytes per case, kept outside the log. Without it no leaf leads to a case.
class SubjectKey {
public:
    explicit SubjectKey(const std::array<std::uint8_t, 32>& bytes) : bytes_(bytes) {}
    [[nodiscard]] contract::ByteView reveal() const { return bytes_; }

private:
    std::array<std::uint8_t, 32> bytes_;
};
template <class Stream>
Stream& operator<<(Stream&, const SubjectKey&) = delete;

// HMAC-SHA-256(K_subject, nonce): no two leaves share a subject value.
[[nodiscard]] contract::Digest subject_tag(const SubjectKey& key, const Nonce& nonce);

}  // namespace kesher::log
