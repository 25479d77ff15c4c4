// The numbers of one listener, and the budget of body bytes that it holds at once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>

#include "gateway/telemetry/metrics.h"
#include "schemas/contract/codes.h"

namespace kesher::edge {

class ListenerMetrics {
public:
    ListenerMetrics(telemetry::Metrics& metrics, telemetry::Word listener);

    void answered(telemetry::Word route, int status, std::optional<contract::Code> refusal,
                  std::chrono::steady_clock::duration took);

    telemetry::Gauge& connections;
    telemetry::Gauge& queue;    // connections that wait for a thread
    telemetry::Gauge& dropped;  // connections dropped unanswered, the queue being full
    telemetry::Gauge& bytes_in_flight;
    telemetry::Counter& handshake_failures;
    telemetry::Counter& deadline_cuts;  // connections that the sweeper cut
    telemetry::Counter& answers_lost;   // the caller vanished; it can ask again
    telemetry::Counter& accept_faults;  // no file number or memory for a connection

private:
    telemetry::Metrics& metrics_;
    telemetry::Word listener_;
};

// Bytes of bodies being read or handled. Taken whole before the first byte is read, so that many
// callers of large bodies are told `busy` instead of filling the memory together.
class ByteBudget {
public:
    ByteBudget(std::size_t bytes_max, telemetry::Gauge& shown) : bytes_max_(bytes_max), shown_(shown) {}

    class Lease {
    public:
        Lease(ByteBudget& budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
        ~Lease() { budget_.give_back(bytes_); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;

    private:
        ByteBudget& budget_;
        std::size_t bytes_;
    };

    // Fills `lease` and returns true where the bytes fit.
    [[nodiscard]] bool take(std::size_t bytes, std::optional<Lease>& lease);

private:
    void give_back(std::size_t bytes);

    const std::size_t bytes_max_;
    std::atomic<std::size_t> held_{0};
    telemetry::Gauge& shown_;
};

}  // namespace kesher::edge
