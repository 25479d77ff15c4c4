// Compact JWS (RFC 7515) in the one profile that every signed document of Kesher has: JAdES-B-B, ES256.
//
// Protected header, exactly: `alg` "ES256", `x5t#S256` (base64url SHA-256 of the signing certificate),
// `iat` (POSIX seconds, integer), `cty` (which document it is). Any other member, algorithm or spelling is
// refused; a key is never taken from the header. Signature is r || s, 64 bytes (RFC 7518 3.4), both in
// 1..n-1. Verified as bytes: the payload is handed on as it was signed, never re-serialised.
//
// Header and claims are JSON in one spelling (json::Spelling::plain). What is signed is kept for auditors,
// who judge it a second time with grep and awk alone: `"typ\u0065"` or a blank before a colon would say one
// thing to the hub and another to them, for as long as the log stands.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"
#include "schemas/json/read.h"
#include "schemas/statement/certificate.h"

namespace kesher::statement {

inline constexpr std::string_view kStatementType = "application/vnd.kesher.statement+json";
inline constexpr std::string_view kKeysType = "application/vnd.kesher.keys+json";
inline constexpr std::string_view kAgreementType = "application/vnd.kesher.agreement+json";
inline constexpr std::string_view kAcksType = "application/vnd.kesher.acks+json";

// How the claims of every signed document are read; those of a key list hold certificates in PEM.
inline constexpr json::Bounds kClaimsBounds{.spelling = json::Spelling::plain};
inline constexpr json::Bounds kKeyListBounds{.spelling = json::Spelling::plain_with_line_ends};

// A private key and the certificate that says whose it is.
class Signer {
public:
    // nullopt where the certificate is of another key.
    [[nodiscard]] static std::optional<Signer> make(PrivateKey key, Certificate certificate);
    [[nodiscard]] const PrivateKey& key() const { return key_; }
    [[nodiscard]] const Certificate& certificate() const { return certificate_; }

private:
    Signer(PrivateKey key, Certificate certificate)
        : key_(std::move(key)), certificate_(std::move(certificate)) {}
    PrivateKey key_;
    Certificate certificate_;
};

// `iat` is a day: who signs when is nobody's to read from it (contract.md 0).
[[nodiscard]] std::string sign(const Signer& signer, std::string_view type, contract::Day iat,
                               std::string_view payload);

enum class JwsFault : std::uint8_t { too_large, malformed, certificate_unknown, signature };
// malformed and signature are both signature_invalid: whoever forges learns nothing from the difference.
[[nodiscard]] contract::Code code_of(JwsFault fault);

struct Jws {
    contract::Digest certificate;      // x5t#S256
    std::int64_t iat;                  // POSIX seconds as signed, 0 .. kLastSecond
    std::string payload;               // the signed bytes
    contract::Digest payload_segment;  // SHA-256 of the second segment's characters as transmitted
    contract::Digest document;         // SHA-256 of the whole compact text
};

// Null where the caller knows no such certificate. The pointer must hold until verify() returns.
using CertificateLookup = std::function<const Certificate*(const contract::Digest& thumbprint)>;

[[nodiscard]] contract::Result<Jws, JwsFault> verify(std::string_view jws, std::string_view type,
                                                     const CertificateLookup& lookup, std::size_t max_bytes);

inline constexpr std::int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z
// The day that `iat` is the first second of; nullopt where it is within a day.
[[nodiscard]] std::optional<contract::Day> whole_day(std::int64_t iat);
// Whether what was signed on that day may still be handed in, or already (limits::kStatementAgeMax,
// limits::kClockAhead): else clock_skew. A document that was kept is not to count for ever.
[[nodiscard]] bool is_timely(contract::Day iat, contract::Instant at);

}  // namespace kesher::statement
