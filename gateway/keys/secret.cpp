#include "gateway/keys/secret.h"

#include <openssl/crypto.h>

namespace kesher::keys {

void wipe(std::span<std::uint8_t> bytes) noexcept { OPENSSL_cleanse(bytes.data(), bytes.size()); }

bool same_bytes(contract::ByteView a, contract::ByteView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace kesher::keys
