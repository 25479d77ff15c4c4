#include "schemas/statement/secret.h"

#include <openssl/crypto.h>

namespace kesher::statement {

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
    return *this;
}

bool same_secret(const Secret& left, const Secret& right) {
    const auto a = left.reveal();
    const auto b = right.reveal();
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kesher::statement
