#include "gateway/edge/listener_metrics.h"

namespace kesher::edge {

ListenerMetrics::ListenerMetrics(telemetry::Metrics& metrics, telemetry::Word listener)
    : connections(metrics.gauge("kesher_edge_connections", "Open connections.", {{"listener", listener}})),
      queue(metrics.gauge("kesher_edge_connections_queued", "Connections that wait for a thread.",
                          {{"listener", listener}})),
      dropped(metrics.gauge("kesher_edge_connections_dropped",
                            "Connections dropped unanswered since start, the queue being full.",
                            {{"listener", listener}})),
      bytes_in_flight(metrics.gauge("kesher_edge_body_bytes_in_flight", "Bytes of bodies held.",
                                    {{"listener", listener}})),
      handshake_failures(metrics.counter("kesher_edge_handshake_failures_total",
                                         "TLS handshakes that failed.", {{"listener", listener}})),
      deadline_cuts(metrics.counter("kesher_edge_deadline_cuts_total", "Connections cut at their deadline.",
                                    {{"listener", listener}})),
      crowded_out(metrics.counter("kesher_edge_crowded_out_total",
                                  "Connections ended because their caller has too many, or all "
                                  "unfinished handshakes are too many together.",
                                  {{"listener", listener}})),
      answers_lost(metrics.counter("kesher_edge_answers_lost_total", "Answers whose caller had gone.",
                                   {{"listener", listener}})),
      accept_faults(metrics.counter("kesher_edge_accept_faults_total",
                                    "Connections that this process could not accept, at any listener.",
                                    {{"listener", listener}})),
      metrics_(metrics),
      listener_(listener) {}

void ListenerMetrics::answered(telemetry::Word route, int status, std::optional<contract::Code> refusal,
                               std::chrono::steady_clock::duration took) {
    metrics_
        .counter(
            "kesher_requests_total", "Requests answered.",
            {{"listener", listener_}, {"route", route}, {"status", telemetry::LabelValue::of_status(status)}})
        .add();
    metrics_
        .histogram("kesher_request_seconds",
                   "From the last byte of a request to the last byte of its answer.",
                   telemetry::latency_bounds(), {{"listener", listener_}, {"route", route}})
        .observe(took);
    if (!refusal) return;
    metrics_
        .counter("kesher_refusals_total", "Refusals by published code.",
                 {{"listener", listener_}, {"code", *refusal}})
        .add();
}

}  // namespace kesher::edge
