// An answer's bytes (RFC 9110, RFC 9112).
#pragma once

#include <string>

#include "gateway/edge/request.h"
#include "schemas/contract/instant.h"

namespace kesher::edge {

// IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(contract::Instant at);

// Head and body. Writes Date, Content-Length, Content-Type, Connection, nosniff, and no-store unless
// the handler said another Cache-Control. Throws std::logic_error for a header that is not one line.
[[nodiscard]] std::string answer_text(const Response& response, contract::Instant at, bool without_body,
                                      bool close);

}  // namespace kesher::edge
