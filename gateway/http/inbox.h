// GET /v1/inbox and POST /v1/inbox/acks.
#pragma once

#include "gateway/http/answers.h"

namespace kesher::http {

// Waits up to `wait` seconds (at most 30) for something to hand out; 204 when nothing came.
[[nodiscard]] edge::Response get_inbox(const HubRooms& rooms, const identity::Caller& caller,
                                       const edge::Request& request);
// A list in the order of the acks: each with its receipt, or with its code.
[[nodiscard]] edge::Response post_acks(const HubRooms& rooms, const identity::Caller& caller,
                                       const edge::Request& request);

}  // namespace kesher::http
