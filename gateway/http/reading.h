// GET /v1/cases, /v1/cases/{pseudonym}, /v1/messages/{id}, /v1/referrals/{id}: each read with its leaf.
// Cases come in pages: `?limit=100&after=<next of the page before>`.
#pragma once

#include "gateway/http/answers.h"

namespace kesher::http {

[[nodiscard]] edge::Response get_cases(const HubRooms& rooms, const identity::Caller& caller,
                                       const edge::Request& request);
[[nodiscard]] edge::Response get_case(const HubRooms& rooms, const identity::Caller& caller,
                                      const edge::Request& request);
[[nodiscard]] edge::Response get_message(const HubRooms& rooms, const identity::Caller& caller,
                                         const edge::Request& request);
[[nodiscard]] edge::Response get_referral(const HubRooms& rooms, const identity::Caller& caller,
                                          const edge::Request& request);

}  // namespace kesher::http
