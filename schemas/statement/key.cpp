#include "schemas/statement/key.h"

#include <algorithm>
#include <array>

#include "schemas/statement/evp.h"
#include "schemas/statement/hash.h"

namespace kesher::statement {
namespace {

// SubjectPublicKeyInfo up to the key itself. RFC 5480: id-ecPublicKey, prime256v1, uncompressed point.
constexpr std::array<std::uint8_t, 27> kP256Prefix = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
                                                      0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
                                                      0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
constexpr std::size_t kP256Size = 91;
// RFC 8410: id-Ed25519.
constexpr std::array<std::uint8_t, 12> kEd25519Prefix = {0x30, 0x2A, 0x30, 0x05, 0x06, 0x03,
                                                         0x2B, 0x65, 0x70, 0x03, 0x21, 0x00};
constexpr std::size_t kEd25519Size = 44;

template <std::size_t N>
bool starts_with(contract::ByteView bytes, const std::array<std::uint8_t, N>& prefix) {
    return bytes.size() >= N && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

std::optional<KeyKind> kind_of(contract::ByteView spki) {
    if (spki.size() == kP256Size && starts_with(spki, kP256Prefix)) return KeyKind::p256;
    if (spki.size() == kEd25519Size && starts_with(spki, kEd25519Prefix)) return KeyKind::ed25519;
    return std::nullopt;
}

bool on_curve(EVP_PKEY* key) {
    const evp::KeyContext context(evp::must(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)));
    return EVP_PKEY_public_check(context.get()) == 1;
}

}  // namespace

std::optional<PublicKey> PublicKey::from_spki(contract::ByteView der) {
    const evp::ErrorsOfThisScope errors;
    const auto kind = kind_of(der);
    if (!kind) return std::nullopt;
    const std::uint8_t* at = der.data();
    evp::Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    if (!key || at != der.data() + der.size()) return std::nullopt;
    if (*kind == KeyKind::p256 && !on_curve(key.get())) return std::nullopt;
    PublicKey made;
    made.key_ = std::shared_ptr<EVP_PKEY>(key.release(), EVP_PKEY_free);
    made.kind_ = *kind;
    made.spki_.assign(der.begin(), der.end());
    made.spki_sha256_ = sha256(der);
    return made;
}

std::optional<PublicKey> PublicKey::from_coordinates(contract::ByteView x, contract::ByteView y) {
    if (x.size() != 32 || y.size() != 32) return std::nullopt;
    contract::Bytes spki(kP256Prefix.begin(), kP256Prefix.end());
    spki.insert(spki.end(), x.begin(), x.end());
    spki.insert(spki.end(), y.begin(), y.end());
    return from_spki(spki);
}

contract::ByteView PublicKey::point() const {
    const std::size_t behind = kind_ == KeyKind::p256 ? kP256Prefix.size() - 1 : kEd25519Prefix.size();
    return contract::ByteView(spki_).subspan(behind);
}

PrivateKey PrivateKey::generate(KeyKind kind) {
    EVP_PKEY* key = kind == KeyKind::p256 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                                          : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    return adopt(evp::must(key)).value();
}

std::optional<PrivateKey> PrivateKey::adopt(evp_pkey_st* key) {
    const evp::ErrorsOfThisScope errors;
    std::shared_ptr<EVP_PKEY> owned(key, EVP_PKEY_free);
    const int size = i2d_PUBKEY(key, nullptr);
    if (size <= 0) return std::nullopt;
    auto of = PublicKey::from_spki(evp::der_of(key, i2d_PUBKEY));
    if (!of) return std::nullopt;
    return PrivateKey(std::move(owned), std::move(*of));
}

}  // namespace kesher::statement
