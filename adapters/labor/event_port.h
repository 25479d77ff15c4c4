// Where the labor arm's events come to, over HTTP on the loopback or TLS 1.3 with client certificates
// (adapters/record/listening.h), each signed by a key of theirs.
//
//   OPTIONS /events               their webhook's question whether it may send (Web Hooks, section 4)
//   POST    /events               a status: 202 with a signed receipt, or a problem
//   GET     /referrals/{number}   how one stands here, with its ETag, which If-Match of an event may name
//   GET     /jwks                 our public key
//
// What is no event, or none of theirs, is answered here; the rest waits for the loop's thread
// (adapters/record/calls_of_theirs.h).
#pragma once

#include "adapters/labor/event_keys.h"
#include "adapters/labor/settings.h"
#include "adapters/labor/status_event.h"
#include "adapters/record/calls_of_theirs.h"
#include "adapters/record/mapping.h"
#include "gateway/edge/server.h"

namespace kesher::labor {

inline constexpr std::size_t kStatusBytes = 256 * 1024;  // a status with its words has a few thousand

class EventPort {
public:
    // Listens before it returns; all must outlive it. Throws std::runtime_error where it cannot. `today`
    // dates what is answered.
    EventPort(const LaborSettings& settings, const EventKeys& keys, const record::Mapping& mapping,
              record::CallsOfTheirs& calls, telemetry::Log& log, std::function<contract::Day()> today);
    ~EventPort();
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

private:
    [[nodiscard]] edge::RouteTable routes();
    [[nodiscard]] edge::Response ask_to_send(const edge::Request& request);
    [[nodiscard]] edge::Response take(const edge::Request& request);
    [[nodiscard]] edge::Response look(const edge::Request& request);
    [[nodiscard]] edge::Response refuse(const record::CallResult& result, const Answering& of) const;
    [[nodiscard]] edge::Response signed_answer(int status, std::string_view type, std::string body) const;

    const LaborSettings& settings_;
    const EventKeys& keys_;
    const record::Mapping& mapping_;
    record::CallsOfTheirs& calls_;
    telemetry::Log& log_;
    std::function<contract::Day()> today_;
    telemetry::Metrics metrics_;
    edge::Server server_;
};

}  // namespace kesher::labor
