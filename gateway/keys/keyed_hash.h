// HMAC-SHA-256 (RFC 2104, FIPS 198-1) under one key that is set up once and used from any thread.
#pragma once

#include <memory>

#include "schemas/contract/bytes.h"

namespace kesher::keys {

class KeyedHash {
public:
    explicit KeyedHash(contract::ByteView key);  // any length but 0
    ~KeyedHash();
    KeyedHash(KeyedHash&&) noexcept;
    KeyedHash& operator=(KeyedHash&&) noexcept;

    [[nodiscard]] contract::Digest of(contract::ByteView message) const;

private:
    struct Keyed;
    std::unique_ptr<Keyed> keyed_;
};

}  // namespace kesher::keys
