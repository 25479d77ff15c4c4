// One listener: TLS 1.3 or loopback HTTP, its own threads, its own limits, one route table.
//
// Order of a request: handshake -> head -> framing gate -> route -> budget -> body -> handler ->
// answer. One absolute deadline covers everything up to the body's last byte; it starts with the
// connection for the first request and with the first byte for later ones. The handler's own time is
// the handler's (a long poll may wait 30 s); writing the answer has a deadline of its own. Every
// refusal, every body not read and every fault closes the connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/edge/route_table.h"
#include "gateway/edge/tls_material.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"
#include "schemas/contract/limits.h"

namespace kesher::edge {

struct ServerTls {
    TlsIdentity identity;
    // The CA whose certificates clients must show: with it no handshake completes without one.
    // Empty: no client certificate is asked for (the portal, the person's pages, enrolment).
    std::string client_ca_pem{};
    // Revocation lists of that CA; where given, a certificate without a current list is refused.
    std::string client_crl_pem{};
    // Another one for every listener: a session of one does not resume at another.
    std::string session_context{};
};

struct ListenerSettings {
    telemetry::Word name;            // "organisations": label of its metrics
    std::string address;             // "127.0.0.1", "::1", "0.0.0.0": always said, never a default
    std::uint16_t port = 0;          // 0: any free one, see Server::port()
    std::optional<ServerTls> tls{};  // none: plain HTTP, which only a loopback address may have

    // contract.md 3: 8443 needs 2 x organisations + 64, for the long polls.
    std::size_t threads = 64;
    std::size_t stack_bytes = 512 * 1024;
    std::size_t connections_queued_max = 256;  // beyond: dropped unanswered and counted

    std::chrono::milliseconds request_deadline = contract::limits::kRequestDeadline;
    std::chrono::milliseconds write_deadline = contract::limits::kRequestDeadline;
    std::chrono::milliseconds keep_alive = contract::limits::kKeepAlive;
    std::size_t requests_per_connection = 100;
    // Bytes of bodies held at once; a body that does not fit is refused `busy` before it is read.
    std::size_t bytes_in_flight_max = contract::limits::kBytesInFlight;
};

class Server {
public:
    // Binds and listens before it returns. Throws std::runtime_error for an address in use, TLS material
    // that does not fit together, plain HTTP beyond loopback or a Poco older than 1.11.0.
    // Log and metrics must outlive it.
    Server(ListenerSettings settings, RouteTable routes, telemetry::Log& log, telemetry::Metrics& metrics);
    ~Server();  // stop(10 s)
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;

    // No new connections; waits up to `drain` for requests under way (idle connections end at once),
    // then cuts what is left. Afterwards no thread of this listener runs. May be called twice.
    // A handler that waits must watch Request::stopping: nothing can end it from outside.
    void stop(std::chrono::milliseconds drain = std::chrono::seconds{10});

    // Cuts every live connection whose client certificate has this fingerprint (a compromised key).
    // Returns how many.
    std::size_t disconnect(std::string_view fingerprint);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Throws std::runtime_error unless the Poco in memory is at least 1.11.0 (CVE-2023-52389 is fixed by
// Debian within that version; the package check in CI sees the rest).
void require_poco_runtime();

}  // namespace kesher::edge
