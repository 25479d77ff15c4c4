// By whose keys events are signed and believed. Plain P-256 keys of this interface alone: nobody's key of the
// exchange.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/result.h"
#include "schemas/statement/key.h"

namespace kesher::labor {

// `typ` of every signature, in the header x-jws-signature (as open banking's profiles have it): a detached
// JWS over the body (schemas/statement/detached_jws.h).
inline constexpr std::string_view kSignatureType = "cloudevent+jws";
inline constexpr std::string_view kSignatureHeader = "x-jws-signature";

// RFC 7517, section 5: {"keys":[{"kty":"EC","crv":"P-256","x","y",...}]}, one to eight. None where it is not
// that, or one of its keys is not on the curve: a set that is half understood would refuse what it should
// not.
[[nodiscard]] std::optional<std::vector<statement::PublicKey>> read_key_set(std::string_view json);
[[nodiscard]] std::string write_key_set(const statement::PublicKey& key);

struct EventKeys {
    statement::PrivateKey ours;
    std::vector<statement::PublicKey> theirs;
};
// Throws std::runtime_error, which names the file and why, never its content.
[[nodiscard]] EventKeys read_event_keys(const std::filesystem::path& ours,
                                        const std::filesystem::path& theirs);

}  // namespace kesher::labor
