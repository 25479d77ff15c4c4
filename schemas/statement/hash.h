// SHA-256 and randomness, as every document of the contract uses them (OpenSSL EVP; FIPS 180-4).
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "schemas/contract/bytes.h"

namespace kesher::statement {

[[nodiscard]] contract::Digest sha256(contract::ByteView bytes);
[[nodiscard]] contract::Digest sha256(std::string_view text);
// Of the parts one after another.
[[nodiscard]] contract::Digest sha256(std::initializer_list<contract::ByteView> parts);

// For the formats of others that ask for it (X-Road's requestHash); no document of ours does.
[[nodiscard]] std::array<std::uint8_t, 64> sha512(contract::ByteView bytes);

// From the library's private generator (OpenSSL, seeded by the system); throws where there is none. Pieces of
// 32 bytes and less are drawn ahead, 512 bytes a thread, and wiped as they are handed out.
void fill_random(std::span<std::uint8_t> bytes);

template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> random_bytes() {
    std::array<std::uint8_t, N> bytes{};
    fill_random(bytes);
    return bytes;
}

}  // namespace kesher::statement
