// ES256 signatures as JOSE spells them: r || s, 32 bytes each (RFC 7518 3.4). For this room's sources alone.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "schemas/contract/bytes.h"
#include "schemas/statement/key.h"

namespace kesher::statement {

using RawSignature = std::array<std::uint8_t, 64>;

// nullopt where the size is not 64, or r or s is not in 1..n-1 (n the order of P-256). A high s is as valid
// as a low one: ES256 does not forbid it.
[[nodiscard]] std::optional<RawSignature> raw_signature(contract::ByteView bytes);

[[nodiscard]] RawSignature sign_es256(const PrivateKey& key, std::string_view text);
[[nodiscard]] bool verify_es256(const PublicKey& key, std::string_view text, const RawSignature& signature);

}  // namespace kesher::statement
