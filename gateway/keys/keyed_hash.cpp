#include "gateway/keys/keyed_hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

namespace kesher::keys {
namespace {

struct FreeMac {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

void must(int rc) {
    if (rc != 1) throw std::runtime_error("HMAC-SHA-256 failed in the cryptographic library");
}

Context must_have(EVP_MAC_CTX* context) {
    if (context == nullptr) throw std::runtime_error("HMAC-SHA-256 is missing in the cryptographic library");
    return Context(context);
}

}  // namespace

// Holds the state after the key went in; of() works on a copy, so threads do not meet.
struct KeyedHash::Keyed {
    Context context;
};

KeyedHash::KeyedHash(contract::ByteView key) {
    // An empty key would mean "keep the former key" to the library.
    if (key.empty()) throw std::invalid_argument("a keyed hash needs a key");
    const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    Context context = must_have(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
    std::string digest = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                 OSSL_PARAM_construct_end()};
    must(EVP_MAC_init(context.get(), key.data(), key.size(), params));
    keyed_ = std::make_unique<Keyed>(Keyed{std::move(context)});
}

KeyedHash::~KeyedHash() = default;
KeyedHash::KeyedHash(KeyedHash&&) noexcept = default;
KeyedHash& KeyedHash::operator=(KeyedHash&&) noexcept = default;

contract::Digest KeyedHash::of(contract::ByteView message) const {
    const Context context = must_have(EVP_MAC_CTX_dup(keyed_->context.get()));
    must(EVP_MAC_update(context.get(), message.data(), message.size()));
    contract::Digest digest;
    std::size_t length = 0;
    must(EVP_MAC_final(context.get(), digest.bytes.data(), &length, digest.bytes.size()));
    if (length != digest.bytes.size()) throw std::runtime_error("HMAC-SHA-256 gave another length");
    return digest;
}

}  // namespace kesher::keys
