// A listener on a free port of this machine with routes for the tests, a log and metrics to read.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/edge/problem.h"
#include "gateway/edge/server.h"
#include "tests/edge/raw_line.h"

namespace kesher::tests {

using namespace std::chrono_literals;

// Short, so that a deadline takes a fraction of a second.
inline edge::ListenerSettings quick_settings() {
    edge::ListenerSettings settings{.name = "test", .address = "127.0.0.1"};
    settings.threads = 8;
    settings.connections_queued_max = 16;
    settings.request_deadline = 400ms;
    settings.write_deadline = 1s;
    settings.keep_alive = 300ms;
    settings.bytes_in_flight_max = 10'000;
    settings.small_body_bytes = 1'000;
    settings.share.large_bytes = 10'000;  // all of it; shares_test.cpp gives shares
    return settings;
}

class Listener {
public:
    explicit Listener(edge::ListenerSettings settings = quick_settings())
        : server_(std::make_unique<edge::Server>(std::move(settings), edge::RouteTable(routes()), log_,
                                                 metrics_)) {}
    ~Listener() { server_.reset(); }

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    [[nodiscard]] edge::Server& server() { return *server_; }
    [[nodiscard]] std::string numbers() const { return metrics_.exposition(); }
    // True where the exposition holds this line, at once or within two seconds.
    [[nodiscard]] bool shows(const std::string& line) const {
        return soon([&] { return numbers().find(line + '\n') != std::string::npos; });
    }
    // True where the log holds this text, at once or within two seconds (a line follows its answer).
    [[nodiscard]] bool logs(const std::string& text) const {
        return soon([&] { return log_text().find(text) != std::string::npos; });
    }
    [[nodiscard]] std::string log_text() const {
        const std::scoped_lock lock(mutex_);
        return log_text_;
    }

    std::atomic<int> handled{0};       // requests that reached a handler
    std::atomic<int> stops_seen{0};    // waits that ended because the listener stops
    std::atomic<int> callers_left{0};  // waits that ended because their caller had gone
    std::atomic<bool> hold{false};     // while set, /v1/hold waits

private:
    template <class Condition>
    static bool soon(const Condition& holds) {
        for (int i = 0; i < 200; ++i) {
            if (holds()) return true;
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }

    std::vector<edge::Route> routes() {
        const auto echo = [this](const edge::Request& request) {
            ++handled;
            std::string said = request.method + ' ' + std::string(request.text());
            if (request.peer) said += ' ' + request.peer->common_name + ' ' + request.peer->fingerprint;
            for (const auto& header : request.headers) {
                if (header.name.starts_with("X-")) said += ' ' + header.name + '=' + header.value;
            }
            return edge::bytes_response(contract::bytes_of(said), "text/plain");
        };
        return {
            {.method = "GET", .path = "/v1/echo", .who = "any", .handler = echo},
            {.method = "POST",
             .path = "/v1/echo",
             .who = "any",
             .body_bytes_max = 8'000,
             .media_types = {"text/plain"},
             .handler = echo},
            {.method = "GET", .path = "/v1/cases/{pseudonym}", .who = "any", .handler = echo},
            {.method = "GET",
             .path = "/v1/fault",
             .who = "any",
             .handler = [this](const edge::Request&) -> edge::Response {
                 ++handled;
                 throw std::runtime_error("Key (pseudonym)=(secret) already exists");
             }},
            {.method = "GET",
             .path = "/v1/odd-fault",
             .who = "any",
             .handler = [](const edge::Request&) -> edge::Response { throw 17; }},
            {.method = "GET",
             .path = "/v1/split",
             .who = "any",
             .handler =
                 [](const edge::Request&) {
                     edge::Response response = edge::empty_response();
                     response.headers.push_back({"Location", "/a\r\nSet-Cookie: b"});
                     return response;
                 }},
            {.method = "POST",
             .path = "/v1/hold",
             .who = "any",
             .body_bytes_max = 8'000,
             .media_types = {"text/plain"},
             .handler =
                 [this](const edge::Request& request) {
                     ++handled;
                     while (hold && !request.stopping.stop_requested() && !request.caller_left()) {
                         std::this_thread::sleep_for(5ms);
                     }
                     if (request.caller_left()) ++callers_left;
                     if (request.stopping.stop_requested()) ++stops_seen;
                     return edge::empty_response();
                 }},
            {.method = "GET",
             .path = "/v1/large",
             .who = "any",
             .handler =
                 [](const edge::Request&) { return edge::json_response(std::string(8 * 1024 * 1024, 'a')); }},
        };
    }

    mutable std::mutex mutex_;
    std::string log_text_;
    telemetry::Log log_{telemetry::Level::debug, [this](std::string_view line) {
                            const std::scoped_lock lock(mutex_);
                            log_text_ += std::string(line) + '\n';
                        }};
    telemetry::Metrics metrics_;
    std::unique_ptr<edge::Server> server_;
};

inline std::string get(std::string_view path, std::string_view more = {}) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: hub.example\r\n" + std::string(more) + "\r\n";
}
inline std::string post(std::string_view path, std::string_view body, std::string_view more = {}) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: hub.example\r\nContent-Type: text/plain\r\n" +
           "Content-Length: " + std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" +
           std::string(body);
}

}  // namespace kesher::tests
