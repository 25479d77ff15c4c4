// The sealed part: what the hub must not read. Compact JWE (RFC 7516), ECDH-ES direct (RFC 7518 4.6) with
// A256GCM, from a key drawn for this one message to the recipient's encryption certificate.
//
// Header exactly: alg, enc, kid (x5t#S256 of that certificate), epk (kty EC, crv P-256, x, y of 32 bytes
// each), apu = base64url(from), apv = base64url(to), mid = the statement's id. `zip`, `crit` and all else
// are refused. Plaintext inside: u32 big-endian length || bytes || zeros up to 4, 16, 64 KiB, then the next
// multiple of 256 KiB, so that the length says little.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/bytes.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/limits.h"
#include "schemas/contract/result.h"
#include "schemas/statement/certificate.h"

namespace kesher::statement {

// What binds a sealed part to its statement.
struct SealContext {
    contract::OrganisationId from;
    contract::OrganisationId to;
    contract::MessageId id;
};

// The padded size for so many plaintext bytes: the step, with the four bytes of length in it.
[[nodiscard]] std::size_t padded_size(std::size_t plaintext_bytes);
inline constexpr std::size_t kSealedPlaintextMax = contract::limits::kSealedPaddedBytes - 4;

// too_large over kSealedPlaintextMax; key_unpinned where the certificate is not one for encryption.
[[nodiscard]] contract::Result<std::string, contract::Code> seal(const Certificate& recipient,
                                                                 const SealContext& context,
                                                                 contract::ByteView plaintext);

// The recipient's private encryption keys, the current one and those not yet destroyed.
class OpeningKeys {
public:
    // False, and nothing added, where the key is not the certificate's.
    [[nodiscard]] bool add(PrivateKey key, const Certificate& certificate);
    [[nodiscard]] const PrivateKey* find(const contract::Digest& kid) const;

private:
    struct Entry {
        contract::Digest kid;
        PrivateKey key;
    };
    std::vector<Entry> entries_;
};

// seal_mismatch where apu, apv or mid are not the statement's; seal_unopenable for all else. No byte of
// plaintext leaves before the tag and the padding hold.
[[nodiscard]] contract::Result<contract::Bytes, contract::Code> open(std::string_view jwe,
                                                                     const OpeningKeys& keys,
                                                                     const SealContext& expected);

}  // namespace kesher::statement
