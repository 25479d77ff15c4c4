// One connection of a listener, from its handshake to its last answer.
#pragma once

#include <Poco/Net/TCPServerConnection.h>

#include <stop_token>

#include "gateway/edge/byte_budget.h"
#include "gateway/edge/framing_gate.h"
#include "gateway/edge/listener_metrics.h"
#include "gateway/edge/problem.h"
#include "gateway/edge/route_table.h"
#include "gateway/edge/server.h"
#include "gateway/edge/wire.h"
#include "gateway/telemetry/log.h"

namespace kesher::edge {

// What every connection of a listener shares; outlives them all.
struct Listener {
    Listener(ListenerSettings given, RouteTable table, telemetry::Log& to, telemetry::Metrics& numbers)
        : settings(std::move(given)),
          routes(std::move(table)),
          log(to),
          metrics(numbers, settings.name),
          share(share_of(settings)),
          budget({settings.bytes_in_flight_max, share.large_bytes, share.large_bodies,
                  settings.small_body_bytes},
                 metrics.bytes_in_flight) {}

    // The settings' share with nothing left to say.
    static CallerShare share_of(const ListenerSettings& settings);

    const ListenerSettings settings;
    const RouteTable routes;
    telemetry::Log& log;
    ListenerMetrics metrics;
    const CallerShare share;
    ByteBudget budget;
    std::stop_source stopping;
};

class Connection final : public Poco::Net::TCPServerConnection {
public:
    Connection(const Poco::Net::StreamSocket& socket, Listener& listener, Sweeper& sweeper)
        : TCPServerConnection(socket), listener_(listener), sweeper_(sweeper) {}

    void run() override;

private:
    struct Refusal {
        contract::Code code;
        telemetry::Word route = "unmatched";  // known from the look-up on
        std::string allow{};
    };
    // A request whose body is still to be read, and how it must be answered.
    struct Plan {
        Head head;
        Target target;
        Found found;
        std::string media_type;
    };
    enum class Next { request, close };

    void serve(Wire& wire, Sweeper::Watch& watch);
    bool start_tls(Wire& wire, Sweeper::Watch& watch);
    bool has_room(Sweeper::Watch& watch);
    std::size_t share_of_caller();
    void begin_request();
    bool next_request_came(Wire& wire, Sweeper::Watch& watch);
    Next serve_one(Wire& wire, bool last);

    contract::Result<Head, Refusal> read_head(Wire& wire);
    contract::Result<Plan, Refusal> plan(Head head) const;
    contract::Result<contract::Bytes, Refusal> read_body(Wire& wire, const Plan& plan);
    Response handled(const Request& request, const Handler& handler);

    Next refuse(Wire& wire, const Refusal& refusal);
    struct Manner {
        telemetry::Word route;
        SteadyTime since;  // for the metric
        bool without_body;
        bool close;
    };
    // True where the whole answer left.
    bool answer(Wire& wire, const Response& response, const Manner& manner);

    Listener& listener_;
    Sweeper& sweeper_;
    std::optional<Peer> peer_;
    std::string caller_;          // whose share it uses: an organisation, or an address
    bool ended_ = false;          // its certificate is verified and nobody's
    SteadyTime head_deadline_{};  // of the request under way, up to its head's last byte
    SteadyTime deadline_{};       // and up to its body's
    bool silent_ = false;         // the peer went away without a request: nobody to answer
};

}  // namespace kesher::edge
