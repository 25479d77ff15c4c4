// Every call of every listener, as rows of a table: verb, path, who, limit, handler (contract.md 3).
#pragma once

#include "gateway/edge/route_table.h"
#include "gateway/http/hub_rooms.h"
#include "gateway/telemetry/metrics.h"

namespace kesher::http {

[[nodiscard]] edge::RouteTable organisation_routes(const HubRooms& rooms);                        // 8443
[[nodiscard]] edge::RouteTable newcomer_routes(const HubRooms& rooms);                            // 8445
[[nodiscard]] edge::RouteTable officer_routes();                                                  // 8444
[[nodiscard]] edge::RouteTable person_routes();                                                   // 8446
[[nodiscard]] edge::RouteTable local_routes(const HubRooms& rooms, telemetry::Metrics& metrics);  // 9464

}  // namespace kesher::http
