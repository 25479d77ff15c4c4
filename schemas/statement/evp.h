// OpenSSL 3 as this room uses it: one owner a handle, one way to check a return. For this room's .cpp files
// alone; no other room includes it.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "schemas/contract/bytes.h"

namespace kesher::statement::evp {

template <auto free_fn>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free_fn(object);
    }
};
template <class T, auto free_fn>
using Handle = std::unique_ptr<T, Free<free_fn>>;

using Bio = Handle<BIO, BIO_free_all>;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using HashContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Number = Handle<BIGNUM, BN_free>;
using EcSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using X509Handle = Handle<X509, X509_free>;
using RequestHandle = Handle<X509_REQ, X509_REQ_free>;

// What cannot fail but for a broken library or no memory.
inline void must(int result) {
    if (result == 1) return;
    ERR_clear_error();
    throw std::runtime_error("OpenSSL failed");
}
template <class T>
T* must(T* object) {
    if (object == nullptr) must(0);
    return object;
}

// What a stranger's bytes left in the thread's error queue goes with this: TLS on the same thread would
// take it for its own.
class ErrorsOfThisScope {
public:
    ErrorsOfThisScope() { ERR_set_mark(); }
    ~ErrorsOfThisScope() { ERR_pop_to_mark(); }
    ErrorsOfThisScope(const ErrorsOfThisScope&) = delete;
    ErrorsOfThisScope& operator=(const ErrorsOfThisScope&) = delete;
};

// The DER of an object by its i2d function.
template <class T, class I2d>
contract::Bytes der_of(const T* object, I2d i2d) {
    const int size = i2d(object, nullptr);
    if (size <= 0) must(0);
    contract::Bytes der(static_cast<std::size_t>(size));
    std::uint8_t* out = der.data();
    i2d(object, &out);
    return der;
}

// The bytes in a PEM text that is one block of this label, from its first character to at most white space
// after its end.
[[nodiscard]] std::optional<contract::Bytes> pem_block(std::string_view pem, std::string_view label);
[[nodiscard]] std::string pem_text(contract::ByteView der, const char* label);

}  // namespace kesher::statement::evp
