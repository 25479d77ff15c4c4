// What people at a body ask beside their cases: GET /v1/board, /v1/agenda, /v1/access (JSON:
// gateway/insight).
#pragma once

#include "gateway/http/answers.h"

namespace kesher::http {

[[nodiscard]] edge::Response get_board(const HubRooms& rooms, const identity::Caller& caller,
                                       const edge::Request& request);
[[nodiscard]] edge::Response get_agenda(const HubRooms& rooms, const identity::Caller& caller,
                                        const edge::Request& request);
// A query that is not of the form is `statement_invalid`.
[[nodiscard]] edge::Response get_access(const HubRooms& rooms, const identity::Caller& caller,
                                        const edge::Request& request);

}  // namespace kesher::http
