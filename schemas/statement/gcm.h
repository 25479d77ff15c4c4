// AES-256-GCM as the sealed part uses it (NIST SP 800-38D; 96-bit nonce, 128-bit tag). For this room's
// sources alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "schemas/contract/bytes.h"
#include "schemas/statement/secret.h"

namespace kesher::statement {

inline constexpr std::size_t kGcmKeyBytes = 32;
inline constexpr std::size_t kGcmNonceBytes = 12;
inline constexpr std::size_t kGcmTagBytes = 16;

struct GcmSealed {
    std::array<std::uint8_t, kGcmNonceBytes> nonce;
    contract::Bytes ciphertext;
    std::array<std::uint8_t, kGcmTagBytes> tag;
};

// Draws the nonce; the key is for this one message.
[[nodiscard]] GcmSealed gcm_encrypt(const Secret& key, std::string_view aad, contract::ByteView plaintext);
// nullopt where the tag does not hold, and then no byte was shown.
[[nodiscard]] std::optional<Secret> gcm_decrypt(const Secret& key, std::string_view aad,
                                                const GcmSealed& sealed);

}  // namespace kesher::statement
