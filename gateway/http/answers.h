// How a decision becomes an HTTP answer: receipts as flat members, refusals as problem+json.
#pragma once

#include "gateway/edge/problem.h"
#include "gateway/edge/request.h"
#include "gateway/edge/route_table.h"
#include "gateway/http/hub_rooms.h"
#include "gateway/identity/caller.h"
#include "gateway/insight/reading.h"
#include "schemas/json/writer.h"

namespace kesher::http {

// Whom a route lets in (edge keeps the word, this room enforces it).
using CallerHandler = std::function<edge::Response(const identity::Caller&, const edge::Request&)>;
[[nodiscard]] edge::Handler for_organisations(const HubRooms& rooms, CallerHandler handler);
// Only an active organisation of kind OPERATOR; to anybody else the route does not exist.
[[nodiscard]] edge::Handler for_operators(const HubRooms& rooms, CallerHandler handler);

// The refusal, with its receipt where it was logged. `not_found` is byte for byte the same for what
// does not exist and what is not the caller's, so it never carries a receipt, a time or an incident.
[[nodiscard]] edge::Response refused(const sequencer::Answer& answer);
[[nodiscard]] edge::Response refused(contract::Code code);

// The same before anything could be decided on: without a leaf of its own, counted for the caller
// (contract.md 5). With the hub's time, by which who signed on the wrong day mends its own.
[[nodiscard]] edge::Response counted(const HubRooms& rooms, const identity::Caller& caller,
                                     contract::Code code);

// 201, or 200 for a repetition, with index, leaf and receipt; `more` adds members before them.
[[nodiscard]] edge::Response decided(const sequencer::Answer& answer,
                                     const std::function<void(json::Writer&)>& more = {});
// The same as members of an object that is already open.
void write_receipt(json::Writer& json, const sequencer::Answer& answer);

// As whom a caller reads.
[[nodiscard]] insight::Reader reader_of(const identity::Caller& caller);
// What was read, never to be kept by a cache; or why not.
[[nodiscard]] edge::Response read_response(insight::Read read);

// A strict JSON body; `statement_invalid` else.
[[nodiscard]] contract::Result<json::Value, contract::Code> read_body(const edge::Request& request);

}  // namespace kesher::http
