// Detached JWS (RFC 7515 Appendix F, compact, ES256) over the body of an HTTP message that a ministry's own
// system sends or takes. Such a system has no certificate of Kesher: each side has a plain P-256 key, and
// believes those that it was given. Hence a profile of its own, apart from schemas/statement/jws.h.
//
//   <header> ".." <signature>       the content is the body itself, byte for byte; it does not travel twice
//
// Header: `alg` "ES256", `kid` (which key, by its thumbprint), `typ` (which kind of message), and no other
// member. A signature over one kind of message is thereby none over another. Any JSON spelling of the header
// is taken, for others write it; what it says is read strictly. We write one spelling, in this order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "schemas/contract/result.h"
#include "schemas/statement/key.h"

namespace kesher::statement {

inline constexpr std::size_t kDetachedJwsBytes = 2048;  // of header, dots and signature: it is an HTTP header

// RFC 7638 of a P-256 key, SHA-256 in base64url: the `kid` by which each side names the key. This, jwk() and
// sign_detached() throw std::logic_error for a key of another kind.
[[nodiscard]] std::string thumbprint(const PublicKey& key);

// The public key as each side hands it to the other (RFC 7517), with these members in this order:
//   {"kty":"EC","crv":"P-256","x","y","kid","use":"sig","alg":"ES256"}
[[nodiscard]] std::string jwk(const PublicKey& key);

// Throws std::logic_error for a type that verify_detached would refuse: not UTF-8, or too long.
[[nodiscard]] std::string sign_detached(const PrivateKey& key, std::string_view type,
                                        std::string_view content);

enum class DetachedFault : std::uint8_t {
    malformed,    // not this profile, too long, another type, or with a content of its own
    key_unknown,  // `kid` names none of those that are believed
    signature,
};

// `keys` are those that are believed. One is chosen by `kid` alone, and a key is never taken from the header;
// those that are not P-256 are passed over, for they cannot have signed this. `typ` is compared as it is
// spelled, in letters and prefix. Asked in the order of DetachedFault.
[[nodiscard]] contract::Result<contract::Done, DetachedFault> verify_detached(
    std::string_view jws, std::string_view type, std::string_view content, std::span<const PublicKey> keys);

}  // namespace kesher::statement
