// The numbers of one listener.
#pragma once

#include <chrono>
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
    telemetry::Counter& crowded_out;    // ended: of their caller, or of all handshakes, there are too many
    telemetry::Counter& answers_lost;   // the caller vanished; it can ask again
    telemetry::Counter& accept_faults;  // no file number or memory for a connection

private:
    telemetry::Metrics& metrics_;
    telemetry::Word listener_;
};

}  // namespace kesher::edge
