// New names of cases, and the keys under which the database files what belongs to a case.
//
// A pseudonym is 80 random bits and derived from nothing (domain.md 6). What is derived, with
// K_lookup, are the keys of rows: without the key file a dump of the database joins no two rows.
// Every form below is stored for ever: changing one byte of it orphans the rows (golden vectors in
// tests/unit/keys). No label is the beginning of another, and each text that may vary in length is
// ended by a zero byte it cannot hold, so two different questions are never one byte string.
#pragma once

#include <array>
#include <cstdint>

#include "gateway/keys/keyed_hash.h"
#include "gateway/keys/secret.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::keys {

// Fresh random values. They throw where the system gives no randomness.
[[nodiscard]] contract::Pseudonym new_pseudonym();  // 80 bits
[[nodiscard]] contract::CaseId new_case_id();       // 128 bits
[[nodiscard]] SubjectKey new_subject_key();         // 256 bits

// Any UUID of the wire, version 4: new_id<contract::DeliveryId>().
template <class Id>
[[nodiscard]] Id new_id() {
    std::array<std::uint8_t, 16> random{};
    fill_random(random);
    return Id::of_random(random);
}

// Row keys, all HMAC-SHA-256 under K_lookup. `‖` joins; case = 16 bytes; u32 = big-endian.
class RowKeys {
public:
    explicit RowKeys(const LookupKey& key);

    // "kesher.pseudonym.v1" ‖ organisation ‖ 00 ‖ pseudonym(18)
    [[nodiscard]] contract::Digest lookup(const contract::OrganisationId& organisation,
                                          const contract::Pseudonym& pseudonym) const;
    // "kesher.case-key.v1" ‖ case
    [[nodiscard]] contract::Digest case_key(const contract::CaseId& case_id) const;
    // "kesher.consent-key.v1" ‖ case ‖ discloser ‖ 00 ‖ recipient ‖ 00 ‖ purpose's word
    [[nodiscard]] contract::Digest consent_key(const contract::CaseId& case_id,
                                               const contract::OrganisationId& discloser,
                                               const contract::OrganisationId& recipient,
                                               contract::Purpose purpose) const;
    // "kesher.referral-slot.v1" ‖ case ‖ u32: the case's n-th referral, n from 0. Who knows the case
    // walks its slots until one is empty; who has only the table cannot group them.
    [[nodiscard]] contract::Digest referral_slot(const contract::CaseId& case_id, std::uint32_t n) const;
    // "kesher.consent-slot.v1" ‖ case ‖ u32: the same for its consents.
    [[nodiscard]] contract::Digest consent_slot(const contract::CaseId& case_id, std::uint32_t n) const;
    // "kesher.key-check.v1": kept in the database and compared at start, because a hub that runs
    // with another K_lookup finds no case and says so to everybody.
    [[nodiscard]] contract::Digest check_value() const;

private:
    KeyedHash hash_;
};

}  // namespace kesher::keys
