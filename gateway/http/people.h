// What people at a body ask beside their cases: GET /v1/board, /v1/agenda, /v1/access (JSON:
// gateway/insight).
#pragma once

#include "gateway/http/answers.h"

namespace kesher::http {

[[nodiscard]] edge::Response get_board(const HubRooms& rooms, const identity::Caller& caller,
                                       const edge::Request& request);
[[nodiscard]] edge::Response get_agenda(const HubRooms& rooms, const identity::Caller& caller,
                                        const edge::Request& request);
// The table's meeting as a calendar keeps it (gateway/council/feed.h): `?start=2026-12-01T09:30&minutes=90`,
// in Asia/Jerusalem; {"ics"}. The hub keeps no meetings: it says when as it was asked, and nothing of what.
[[nodiscard]] edge::Response get_agenda_meeting(const HubRooms& rooms, const identity::Caller& caller,
                                                const edge::Request& request);
// A query that is not of the form is `statement_invalid`.
[[nodiscard]] edge::Response get_access(const HubRooms& rooms, const identity::Caller& caller,
                                        const edge::Request& request);

}  // namespace kesher::http
