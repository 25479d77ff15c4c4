// What a compact JWS (RFC 7515 section 7.1) says before anything of it is believed: only to choose the key or
// the root that it is then verified with.
#pragma once

#include <string_view>

#include "schemas/json/value.h"

namespace kesher::kit {

// The first and the second segment as JSON; null where the segment is missing, no base64url or no JSON, so
// that it has no member. How many segments there are and what is signed is the verification's to ask.
[[nodiscard]] json::Value unverified_header(std::string_view jws);
[[nodiscard]] json::Value unverified_claims(std::string_view jws);

}  // namespace kesher::kit
