// A request has one absolute deadline, whatever its sender does to stretch it, and a listener's
// threads, queue and memory are its own.
// Method: a request deadline of 0.4 s and senders that drip.
#include <catch2/catch.hpp>

#include "tests/edge/listener.h"

using namespace kesher;
using namespace kesher::tests;
using std::chrono::steady_clock;

namespace {

struct Dripped {
    bool cut = false;  // before its last byte was sent: while it still had something to say
    steady_clock::duration took{};
};

// Sends one byte every 100 ms, for ten seconds and more where nobody cuts it.
Dripped drip(RawLine& line, const std::string& bytes) {
    const auto began = steady_clock::now();
    Dripped dripped;
    for (std::size_t i = 0; i + 1 < bytes.size() && !dripped.cut; ++i) {
        dripped.cut = !line.send(bytes.substr(i, 1)) || line.ends(100ms);
    }
    dripped.took = steady_clock::now() - began;
    return dripped;
}

const std::string kLongHead = "GET /v1/echo HTTP/1.1\r\nHost: h\r\nX-A: " + std::string(100, 'a');

}  // namespace

TEST_CASE("A head that drips is refused at the deadline and not served later") {
    Listener listener;
    RawLine line(listener.port());
    const Dripped dripped = drip(line, kLongHead);
    CHECK(dripped.cut);
    CHECK(dripped.took >= 350ms);
    CHECK(listener.handled == 0);
    CHECK(listener.shows("kesher_refusals_total{listener=\"test\",code=\"deadline\"} 1"));
}

TEST_CASE("A body that drips is refused at the deadline") {
    Listener listener;
    RawLine line(listener.port());
    line.send("POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n");
    const Dripped dripped = drip(line, std::string(100, 'a'));
    CHECK(dripped.cut);
    CHECK(dripped.took >= 350ms);
    CHECK(listener.handled == 0);
    CHECK(listener.shows("kesher_refusals_total{listener=\"test\",code=\"deadline\"} 1"));
}

TEST_CASE("A head that does not come is refused long before the request's deadline") {
    auto settings = quick_settings();
    settings.head_deadline = 300ms;
    settings.request_deadline = 30s;
    Listener listener(settings);
    RawLine line(listener.port());
    const Dripped dripped = drip(line, kLongHead);
    CHECK(dripped.cut);
    CHECK(dripped.took >= 250ms);
    CHECK(listener.shows("kesher_refusals_total{listener=\"test\",code=\"deadline\"} 1"));
}

TEST_CASE("A body slower than the least speed is refused and not held to the request's deadline") {
    auto settings = quick_settings();
    settings.request_deadline = 30s;
    settings.body_grace = 300ms;
    settings.body_bytes_per_second = 1'000;
    Listener listener(settings);
    RawLine line(listener.port());
    line.send("POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n");
    // Ten bytes a second of a thousand: each buys it a thousandth of a second.
    const Dripped dripped = drip(line, std::string(100, 'a'));
    CHECK(dripped.cut);
    CHECK(dripped.took >= 250ms);
    CHECK(listener.handled == 0);
    CHECK(listener.shows("kesher_refusals_total{listener=\"test\",code=\"deadline\"} 1"));
}

TEST_CASE("A body of the least speed is taken although it lasts longer than it may stand still") {
    auto settings = quick_settings();
    settings.request_deadline = 30s;
    settings.body_grace = 400ms;
    settings.body_bytes_per_second = 1'000;
    Listener listener(settings);
    RawLine line(listener.port());
    line.send(
        "POST /v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 4000\r\n\r\n");
    // Four thousand a second of the thousand asked for.
    for (int i = 0; i < 10; ++i) {
        line.send(std::string(400, 'a'));
        std::this_thread::sleep_for(100ms);
    }
    CHECK(line.answer().status == 200);
}

TEST_CASE("A silent sender is told the deadline and the line is closed") {
    Listener listener;
    RawLine line(listener.port());
    line.send("GET /v1/echo HTT");
    const RawAnswer answer = line.answer();
    CHECK(answer.status == 408);
    CHECK(answer.has("\"code\":\"deadline\""));
    CHECK(answer.has("\"retry\":\"same\""));
    CHECK(line.ends());
}

TEST_CASE("A handler that waits longer than the request's deadline is still answered") {
    Listener listener;
    listener.hold = true;
    RawLine line(listener.port());
    line.send(post("/v1/hold", "a"));
    std::this_thread::sleep_for(1'200ms);  // the request's deadline and the sweeper's grace are 0.85 s
    CHECK_FALSE(line.ends(1ms));
    listener.hold = false;
    CHECK(line.answer().status == 204);
}

TEST_CASE("The deadline of a later request starts with its first byte and not with the connection") {
    Listener listener;
    RawLine line(listener.port());
    for (int i = 0; i < 4; ++i) {
        line.send(get("/v1/echo"));
        CHECK(line.answer().status == 200);
        std::this_thread::sleep_for(150ms);
    }
}

TEST_CASE("A connection without a further request ends after the keep alive time and not before") {
    auto settings = quick_settings();
    settings.head_deadline = settings.request_deadline = 30s;  // neither of these ends it
    Listener listener(settings);
    RawLine line(listener.port());
    line.send(get("/v1/echo"));
    REQUIRE(line.answer().status == 200);
    const auto began = steady_clock::now();
    const RawAnswer nothing = line.answer();
    CHECK(nothing.status == 0);  // no refusal: nobody was late with anything
    CHECK(line.ends());
    CHECK(steady_clock::now() - began >= 250ms);
}

TEST_CASE("A connection ends after its last allowed request") {
    auto settings = quick_settings();
    settings.requests_per_connection = 3;
    Listener listener(settings);
    RawLine line(listener.port());
    for (int i = 1; i <= 3; ++i) {
        line.send(get("/v1/echo"));
        const RawAnswer answer = line.answer();
        CHECK(answer.status == 200);
        CHECK(answer.has(i < 3 ? "Connection: keep-alive" : "Connection: close"));
    }
    CHECK(line.ends());
}

TEST_CASE("Half typed requests hold their threads no longer than the deadline") {
    auto settings = quick_settings();
    settings.threads = 2;
    Listener listener(settings);
    RawLine first(listener.port());
    RawLine second(listener.port());
    first.send("GET /v1");
    second.send("GET /v1");
    std::this_thread::sleep_for(50ms);
    RawLine waiting(listener.port());
    waiting.send(get("/v1/echo"));
    CHECK(waiting.answer(2s).status == 200);
}

TEST_CASE("One listener with all threads taken does not hold up another") {
    auto settings = quick_settings();
    settings.threads = 1;
    Listener full(settings);
    Listener other(settings);
    full.hold = true;
    RawLine holder(full.port());
    holder.send(post("/v1/hold", "a"));
    while (full.handled == 0) std::this_thread::sleep_for(1ms);
    RawLine line(other.port());
    line.send(get("/v1/echo"));
    CHECK(line.answer(1s).status == 200);
    full.hold = false;
    CHECK(holder.answer().status == 204);
}

TEST_CASE("Connections beyond the queue are dropped and counted") {
    auto settings = quick_settings();
    settings.threads = 1;
    settings.connections_queued_max = 2;
    Listener listener(settings);
    listener.hold = true;
    RawLine holder(listener.port());
    holder.send(post("/v1/hold", "a"));
    while (listener.handled == 0) std::this_thread::sleep_for(1ms);
    std::vector<std::unique_ptr<RawLine>> crowd;
    for (int i = 0; i < 5; ++i) crowd.push_back(std::make_unique<RawLine>(listener.port()));
    CHECK(listener.shows("kesher_edge_connections_queued{listener=\"test\"} 2"));
    CHECK(listener.shows("kesher_edge_connections_dropped{listener=\"test\"} 3"));
    listener.hold = false;
}

TEST_CASE("A body that does not fit the bytes in flight is refused as busy before it is read") {
    Listener listener;  // 10,000 bytes in flight
    listener.hold = true;
    RawLine first(listener.port());
    first.send(post("/v1/hold", std::string(6'000, 'a')));
    while (listener.handled == 0) std::this_thread::sleep_for(1ms);
    CHECK(listener.shows("kesher_edge_body_bytes_in_flight{listener=\"test\"} 6000"));
    RawLine second(listener.port());
    second.send(
        "POST /v1/hold HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 4001\r\n\r\n");
    const RawAnswer answer = second.answer();
    CHECK(answer.status == 429);
    CHECK(answer.has("\"code\":\"busy\""));
    CHECK(answer.has("\"retry\":\"after 2\""));
    CHECK(answer.has("Retry-After: 2"));
    RawLine third(listener.port());
    third.send(post("/v1/echo", std::string(4'000, 'a')));
    CHECK(third.answer().status == 200);
    listener.hold = false;
    CHECK(first.answer().status == 204);
    CHECK(listener.shows("kesher_edge_body_bytes_in_flight{listener=\"test\"} 0"));
    RawLine fourth(listener.port());
    fourth.send(post("/v1/hold", std::string(4'001, 'a')));
    CHECK(fourth.answer().status == 204);
}

TEST_CASE("A caller who does not take the answer is cut at the write deadline and counted") {
    Listener listener;
    RawLine line(listener.port());
    line.send(get("/v1/large"));
    CHECK(listener.shows("kesher_edge_answers_lost_total{listener=\"test\"} 1"));
}
