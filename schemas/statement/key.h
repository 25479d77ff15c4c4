// Private and public keys: P-256 (signing, sealing, TLS, roots) and Ed25519 (the log, witnesses).
//
// Both are cheap to copy and safe to share between threads: OpenSSL counts references and a key never
// changes. A private key has no text form here; schemas/statement/key_file.h writes it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "schemas/contract/bytes.h"

struct evp_pkey_st;  // EVP_PKEY, for the rooms that may use OpenSSL

namespace kesher::statement {

enum class KeyKind : std::uint8_t { p256, ed25519 };

class PublicKey {
public:
    // From a SubjectPublicKeyInfo in DER; nullopt for another kind, curve or spelling (RFC 5480: the
    // named curve and the uncompressed point alone), or a point off the curve.
    [[nodiscard]] static std::optional<PublicKey> from_spki(contract::ByteView der);

    // P-256 from its coordinates, 32 bytes each; nullopt off the curve.
    [[nodiscard]] static std::optional<PublicKey> from_coordinates(contract::ByteView x,
                                                                   contract::ByteView y);

    [[nodiscard]] KeyKind kind() const { return kind_; }
    [[nodiscard]] const contract::Bytes& spki() const { return spki_; }
    // What agreements pin and tokens name.
    [[nodiscard]] const contract::Digest& spki_sha256() const { return spki_sha256_; }
    // Ed25519: the 32 bytes of RFC 8032. P-256: 65 bytes, 04 || x || y.
    [[nodiscard]] contract::ByteView point() const;
    [[nodiscard]] evp_pkey_st* native() const { return key_.get(); }
    friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki_ == b.spki_; }

private:
    PublicKey() = default;
    std::shared_ptr<evp_pkey_st> key_;
    KeyKind kind_ = KeyKind::p256;
    contract::Bytes spki_;
    contract::Digest spki_sha256_;
};

class PrivateKey {
public:
    [[nodiscard]] static PrivateKey generate(KeyKind kind);
    // Takes over one reference; nullopt for a key of another kind. For rooms that hold OpenSSL keys.
    [[nodiscard]] static std::optional<PrivateKey> adopt(evp_pkey_st* key);

    [[nodiscard]] KeyKind kind() const { return public_.kind(); }
    [[nodiscard]] const PublicKey& public_key() const { return public_; }
    [[nodiscard]] evp_pkey_st* native() const { return key_.get(); }

private:
    PrivateKey(std::shared_ptr<evp_pkey_st> key, PublicKey of)
        : key_(std::move(key)), public_(std::move(of)) {}
    std::shared_ptr<evp_pkey_st> key_;
    PublicKey public_;
};
template <class Stream>
Stream& operator<<(Stream&, const PrivateKey&) = delete;

}  // namespace kesher::statement
