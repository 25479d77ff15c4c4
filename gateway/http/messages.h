// POST /v1/messages: authenticate, read, sequence, answer.
#pragma once

#include "gateway/http/answers.h"

namespace kesher::http {

// One submission, or a basket of 1-16 of one case: then a JSON list in the same order, each decided
// alone, each with its own `status`.
[[nodiscard]] edge::Response post_messages(const HubRooms& rooms, const identity::Caller& caller,
                                           const edge::Request& request);

}  // namespace kesher::http
