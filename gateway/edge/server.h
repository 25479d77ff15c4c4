// One listener: TLS 1.3 or loopback HTTP, its own threads, its own limits, one route table.
//
// Order of a request: handshake -> head -> framing gate -> route -> budget -> body -> handler ->
// answer. The handshake has a short deadline. One absolute deadline covers a request up to its body's last
// byte; it starts with the handshake's end for the first request and with the first byte for later ones; the
// head has a part of it, and a body that comes too slowly ends it early. The handler's own time is the
// handler's (a long poll may wait 30 s); writing the answer has a deadline of its own. Every refusal, every
// body not read and every fault closes the connection.
//
// A caller is the organisation of its certificate while that lives, or else its address (of IPv6 the /64).
// None of them can take the threads or the memory of all: see CallerShare. Plain HTTP is this machine's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/edge/route_table.h"
#include "gateway/edge/tls_material.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"
#include "schemas/contract/limits.h"
#include "schemas/contract/shares.h"

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

// What one caller may hold of a listener. 0: what the comment says.
struct CallerShare {
    // Where it opens one more, its connection that asks nothing for the longest time ends; without such a
    // one, that which has taken longest over a request; and where all are being served, the new one.
    std::size_t connections = 0;  // all of the threads; for callers with a living certificate alone
    // The same of one address: of those who show no certificate where none is asked for,
    std::size_t without_certificate = 0;  // half of the threads
    // and of those who show one that does not live: enough to be told so.
    std::size_t with_ended_certificate = 0;  // two
    // Handshakes that are not finished, of one address: with one more the oldest of them ends.
    std::size_t handshakes = 0;  // half of the threads
    // The same of all addresses together, since a stranger may have many: with one more, or where it takes
    // the last thread from whoever waits, the oldest ends of the address that has most of them.
    std::size_t handshakes_of_all = 0;  // half of the threads
    std::size_t large_bytes = 0;        // a quarter of bytes_in_flight_max
    std::size_t large_bodies = 0;       // half of its connections: the other half can always say little
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

    std::chrono::milliseconds handshake_deadline = contract::limits::kHandshakeDeadline;
    std::chrono::milliseconds head_deadline = contract::limits::kHeadDeadline;
    std::chrono::milliseconds request_deadline = contract::limits::kRequestDeadline;
    // A body has this long, and a second more for each of so many bytes that came.
    std::chrono::milliseconds body_grace = contract::limits::kBodyGrace;
    std::size_t body_bytes_per_second = contract::limits::kBodyBytesPerSecond;
    std::chrono::milliseconds write_deadline = contract::limits::kRequestDeadline;
    std::chrono::milliseconds keep_alive = contract::limits::kKeepAlive;
    std::size_t requests_per_connection = 100;
    // Bytes of large bodies held at once; one that does not fit is refused `busy` before it is read. A small
    // one always fits (byte_budget.h).
    std::size_t bytes_in_flight_max = contract::limits::kBytesInFlight;
    std::size_t small_body_bytes = contract::limits::kSmallBodyBytes;
    CallerShare share{};
    // Whether the hub still knows a verified certificate, by its fingerprint, as somebody's. Asked once a
    // connection, on its thread; who calls is judged at every request (gateway/identity). One that it does
    // not know spends nothing of the organisation that it names: it has its address's share, and a large body
    // of it is refused `certificate_unknown` before it is read. Empty: every verified one lives.
    std::function<bool(std::string_view fingerprint)> certificate_lives{};
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
