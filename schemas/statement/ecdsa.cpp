#include "schemas/statement/ecdsa.h"

#include <algorithm>
#include <cassert>

#include "schemas/statement/evp.h"
#include "schemas/statement/hash.h"

namespace kesher::statement {
namespace {

using Half = std::array<std::uint8_t, 32>;

// FIPS 186-4 D.1.2.3, big-endian.
constexpr Half kOrder = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
                         0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
                         0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};

bool in_range(contract::ByteView half) {
    const bool zero = std::all_of(half.begin(), half.end(), [](std::uint8_t byte) { return byte == 0; });
    return !zero && std::lexicographical_compare(half.begin(), half.end(), kOrder.begin(), kOrder.end());
}

contract::Bytes der_of(const RawSignature& raw) {
    const evp::EcSignature parts(evp::must(ECDSA_SIG_new()));
    BIGNUM* r = evp::must(BN_bin2bn(raw.data(), 32, nullptr));
    BIGNUM* s = evp::must(BN_bin2bn(raw.data() + 32, 32, nullptr));
    evp::must(ECDSA_SIG_set0(parts.get(), r, s));
    return evp::der_of(parts.get(), i2d_ECDSA_SIG);
}

RawSignature raw_of(const contract::Bytes& der) {
    const std::uint8_t* at = der.data();
    const evp::EcSignature parts(evp::must(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))));
    RawSignature raw{};
    if (BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), raw.data(), 32) != 32) evp::must(0);
    if (BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), raw.data() + 32, 32) != 32) evp::must(0);
    return raw;
}

// Making ready to verify fetches the algorithm from its provider, a fifth of the whole. A thread sees few
// keys in a row (a caller's, its hub's), so it keeps the last ones ready; each holds its key.
EVP_PKEY_CTX* verifier_of(const PublicKey& key) {
    struct Ready {
        contract::Digest key;
        evp::KeyContext context;
    };
    constexpr std::size_t kReady = 4;
    thread_local std::vector<Ready> ready;
    for (const Ready& each : ready) {
        if (each.key == key.spki_sha256()) return each.context.get();
    }
    evp::KeyContext context(evp::must(EVP_PKEY_CTX_new_from_pkey(nullptr, key.native(), nullptr)));
    evp::must(EVP_PKEY_verify_init(context.get()));
    evp::must(EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()));
    if (ready.size() == kReady) ready.erase(ready.begin());
    ready.push_back({key.spki_sha256(), std::move(context)});
    return ready.back().context.get();
}

}  // namespace

std::optional<RawSignature> raw_signature(contract::ByteView bytes) {
    RawSignature raw{};
    if (bytes.size() != raw.size()) return std::nullopt;
    if (!in_range(bytes.first(32)) || !in_range(bytes.last(32))) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), raw.begin());
    return raw;
}

RawSignature sign_es256(const PrivateKey& key, std::string_view text) {
    assert(key.kind() == KeyKind::p256);  // a Signer has a certificate, and a certificate a P-256 key
    const evp::HashContext context(evp::must(EVP_MD_CTX_new()));
    evp::must(
        EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.native(), nullptr));
    const contract::ByteView bytes = contract::bytes_of(text);
    std::size_t size = 0;
    evp::must(EVP_DigestSign(context.get(), nullptr, &size, bytes.data(), bytes.size()));
    contract::Bytes der(size);
    evp::must(EVP_DigestSign(context.get(), der.data(), &size, bytes.data(), bytes.size()));
    der.resize(size);
    return raw_of(der);
}

bool verify_es256(const PublicKey& key, std::string_view text, const RawSignature& signature) {
    assert(key.kind() == KeyKind::p256);  // from a Certificate, which has no other
    const evp::ErrorsOfThisScope errors;
    const contract::Bytes der = der_of(signature);
    const contract::Digest digest = sha256(text);
    return EVP_PKEY_verify(verifier_of(key), der.data(), der.size(), digest.bytes.data(),
                           digest.bytes.size()) == 1;
}

}  // namespace kesher::statement
