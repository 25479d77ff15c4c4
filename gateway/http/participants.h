// Calls about who takes part: cases opened, officers, keys, agreements, the directory, the operator's
// orders, and a newcomer's enrolment.
#pragma once

#include "gateway/http/answers.h"

namespace kesher::http {

[[nodiscard]] edge::Response post_cases(const HubRooms& rooms, const identity::Caller& caller,
                                        const edge::Request& request);
// Body `{"actor":{"id","role"}}`, or `{}` where an adapter asks by itself.
[[nodiscard]] edge::Response post_claim_code(const HubRooms& rooms, const identity::Caller& caller,
                                             const edge::Request& request);
// Body: the signed entry (schemas/statement/officer_entry.h).
[[nodiscard]] edge::Response put_officer(const HubRooms& rooms, const identity::Caller& caller,
                                         const edge::Request& request);
[[nodiscard]] edge::Response put_keys(const HubRooms& rooms, const identity::Caller& caller,
                                      const edge::Request& request);
[[nodiscard]] edge::Response put_profile(const HubRooms& rooms, const identity::Caller& caller,
                                         const edge::Request& request);
[[nodiscard]] edge::Response post_agreements(const HubRooms& rooms, const identity::Caller& caller,
                                             const edge::Request& request);
[[nodiscard]] edge::Response get_agreements(const HubRooms& rooms, const identity::Caller& caller,
                                            const edge::Request& request);
[[nodiscard]] edge::Response get_organisations(const HubRooms& rooms, const identity::Caller& caller,
                                               const edge::Request& request);
[[nodiscard]] edge::Response get_services(const HubRooms& rooms, const identity::Caller& caller,
                                          const edge::Request& request);
[[nodiscard]] edge::Response get_schema(const HubRooms& rooms, const identity::Caller& caller,
                                        const edge::Request& request);

// /v1/admin: `POST organisations` {"id","kind"} answers the token file's content; `PUT
// organisations/{id}` {"status","root"?}.
[[nodiscard]] edge::Response post_admin_organisations(const HubRooms& rooms, const identity::Caller& caller,
                                                      const edge::Request& request);
[[nodiscard]] edge::Response put_admin_organisation(const HubRooms& rooms, const identity::Caller& caller,
                                                    const edge::Request& request);
// {"id"}: its keys may be in other hands.
[[nodiscard]] edge::Response post_admin_compromise(const HubRooms& rooms, const identity::Caller& caller,
                                                   const edge::Request& request);
// 8445. Where no token is outstanding the whole listener answers `not_found`.
[[nodiscard]] edge::Response post_enrolment(const HubRooms& rooms, const edge::Request& request);

}  // namespace kesher::http
