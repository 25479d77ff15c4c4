// Seals columns of the database: AES-256-GCM (NIST SP 800-38D) under K_store.
//
// A sealed value opens only in the row it was made for: the additional data hold what the column is
// (label) and which row it stands in (binding), so that who may write to the database cannot move a
// case from one pseudonym to another.
//
// Form:  01 ‖ key id ‖ nonce(12) ‖ ciphertext ‖ tag(16)          (30 bytes more than the plaintext)
// AAD:   "kesher.sealed.v1" ‖ 01 ‖ key id ‖ u16 length of label ‖ label ‖ binding
//
// Nonces are random, so one key may seal at most 2^32 values (SP 800-38D section 8.3). The hub seals
// one or two a case and one a release: at a million a year that is four thousand years, but a key is
// rotated long before, yearly and after any suspicion: `kesher-hub --rotate-store-key` adds a file
// with the next number, new values take it, old ones open with theirs; rows for which is_current() is
// false are opened and sealed again in the background; then the old file may go.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/keys/secret.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::keys {

// What the hub keeps of a case beside one pseudonym's row.
struct CaseSecrets {
    contract::CaseId case_id;
    SubjectKey subject_key;
    contract::Pseudonym pseudonym;
    friend bool operator==(const CaseSecrets&, const CaseSecrets&) = default;
};

struct NumberedStoreKey {
    std::uint8_t id;  // 1 to 255; stands in every value sealed with it
    StoreKey key;
};

class SealedStore {
public:
    static constexpr std::size_t kOverheadBytes = 30;
    static constexpr std::size_t kLabelBytes = 64;

    // At least one key, ids distinct and not 0; the highest id seals. Else std::invalid_argument.
    explicit SealedStore(const std::vector<NumberedStoreKey>& keys);
    ~SealedStore();
    SealedStore(SealedStore&&) noexcept;
    SealedStore& operator=(SealedStore&&) noexcept;

    // label: the column, 1 to 64 characters, with a version ("officer-totp.v1"): ours, never a
    // sender's. binding: the row's key; where it has several parts, the caller makes them unambiguous.
    [[nodiscard]] contract::Bytes seal(std::string_view label, contract::ByteView binding,
                                       contract::ByteView plaintext) const;
    // None where the value was changed, moved, made under a key we do not have, or is no such value.
    // No byte of plaintext leaves before the tag holds.
    [[nodiscard]] std::optional<contract::Bytes> open(std::string_view label, contract::ByteView binding,
                                                      contract::ByteView sealed) const;
    // Sealed with the key that seals now.
    [[nodiscard]] bool is_current(contract::ByteView sealed) const;

    // A pseudonym's row, bound to organisation ‖ 00 ‖ lookup(32). Label "case-secrets.v1",
    // plaintext case(16) ‖ K_subject(32) ‖ pseudonym(18).
    [[nodiscard]] contract::Bytes seal_case(const contract::OrganisationId& organisation,
                                            const contract::Digest& lookup, const CaseSecrets& secrets) const;
    [[nodiscard]] std::optional<CaseSecrets> open_case(const contract::OrganisationId& organisation,
                                                       const contract::Digest& lookup,
                                                       contract::ByteView sealed) const;

    // HMAC-SHA-256(key that seals now, "kesher.key-check.v1"), as RowKeys::check_value(), with its id.
    [[nodiscard]] contract::Digest check_value() const;
    [[nodiscard]] std::uint8_t current_key() const;

private:
    struct Ring;
    std::unique_ptr<Ring> ring_;
};

}  // namespace kesher::keys
