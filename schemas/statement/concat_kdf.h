// The Concat KDF of ECDH-ES (RFC 7518 4.6.2, NIST SP 800-56A one-step with SHA-256). For this room's
// sources and its test of RFC 7518 appendix C.
#pragma once

#include <cstddef>
#include <string_view>

#include "schemas/contract/bytes.h"
#include "schemas/statement/secret.h"

namespace kesher::statement {

// `algorithm` is `enc` for direct agreement; apu and apv are the decoded values.
[[nodiscard]] Secret concat_kdf(const Secret& agreed, std::string_view algorithm, std::string_view apu,
                                std::string_view apv, std::size_t key_bytes);

}  // namespace kesher::statement
