// A listener that stops leaves nothing: no thread, no open connection, no port.
// Method: connections in every state, then stop.
#include <dirent.h>

#include <catch2/catch.hpp>

#include "tests/edge/listener.h"

using namespace kesher;
using namespace kesher::tests;
using std::chrono::steady_clock;

namespace {

std::size_t count_in(const char* folder) {
    std::size_t count = 0;
    DIR* opened = ::opendir(folder);
    REQUIRE(opened != nullptr);
    while (::readdir(opened) != nullptr) ++count;
    ::closedir(opened);
    return count;
}

}  // namespace

TEST_CASE("A stop with connections in every state leaves no thread and no file open") {
    {
        Listener warm;
    }  // what the libraries make once and keep
    const std::size_t threads = count_in("/proc/self/task");
    const std::size_t files = count_in("/proc/self/fd");
    {
        auto settings = quick_settings();
        settings.keep_alive = 60s;
        Listener listener(settings);
        listener.hold = true;
        RawLine silent(listener.port());
        RawLine half(listener.port());
        half.send("GET /v1/ec");
        RawLine idle(listener.port());
        idle.send(get("/v1/echo"));
        REQUIRE(idle.answer().status == 200);
        RawLine waiting(listener.port());
        waiting.send(post("/v1/hold", "a"));
        while (listener.handled < 2) std::this_thread::sleep_for(1ms);
        {
            // None of these waits for the time to drain, which is long enough to be noticed.
            const std::jthread stopping([&listener] { listener.server().stop(60s); });
            CHECK(waiting.answer().status == 204);
            CHECK(idle.ends());
            CHECK(silent.ends());
            CHECK(half.answer().status == 408);  // it had begun, and had its time to end
            CHECK(half.ends());
        }
        CHECK(listener.stops_seen == 1);
        CHECK_THROWS(RawLine(listener.port()));
    }
    CHECK(count_in("/proc/self/task") == threads);
    CHECK(count_in("/proc/self/fd") == files);
}

TEST_CASE("A handler that waits learns that its caller has left and no other's") {
    Listener listener;
    listener.hold = true;
    RawLine stays(listener.port());
    stays.send(post("/v1/hold", "a"));
    {
        RawLine leaves(listener.port());
        leaves.send(post("/v1/hold", "a"));
        while (listener.handled < 2) std::this_thread::sleep_for(1ms);
        CHECK(listener.callers_left == 0);
    }
    const auto until = steady_clock::now() + 5s;
    while (listener.callers_left == 0 && steady_clock::now() < until) std::this_thread::sleep_for(1ms);
    CHECK(listener.callers_left == 1);
    listener.hold = false;
    CHECK(stays.answer().status == 204);
    CHECK(listener.callers_left == 1);
}

TEST_CASE("A request under way is answered before the stop ends") {
    Listener listener;
    listener.hold = true;
    RawLine line(listener.port());
    line.send(post("/v1/hold", "a"));
    while (listener.handled == 0) std::this_thread::sleep_for(1ms);
    listener.server().stop(5s);
    const RawAnswer answer = line.answer();
    CHECK(answer.status == 204);
    CHECK(answer.has("Connection: close"));
}

TEST_CASE("A caller that does not read is cut when the time to drain is over") {
    auto settings = quick_settings();
    settings.write_deadline = 60s;
    Listener listener(settings);
    RawLine line(listener.port());
    line.send(get("/v1/large"));
    std::this_thread::sleep_for(200ms);
    const auto began = steady_clock::now();
    listener.server().stop(300ms);
    CHECK(steady_clock::now() - began >= 300ms);
    CHECK(listener.shows("kesher_edge_answers_lost_total{listener=\"test\"} 1"));
    CHECK(listener.shows("kesher_edge_deadline_cuts_total{listener=\"test\"} 0"));  // not at its own deadline
}

TEST_CASE("Stopping again and again and under load does no harm") {
    for (int round = 0; round < 5; ++round) {
        Listener listener;
        std::vector<std::jthread> callers;
        for (int i = 0; i < 4; ++i) {
            callers.emplace_back([&listener] {
                try {
                    for (int n = 0; n < 20; ++n) {
                        RawLine line(listener.port());
                        line.send(get("/v1/echo"));
                        if (line.answer(500ms).status != 200) return;
                    }
                } catch (const std::runtime_error&) {
                    return;  // nobody listens any more
                }
            });
        }
        std::this_thread::sleep_for(20ms);
        listener.server().stop(2s);
        listener.server().stop(2s);
        CHECK(listener.shows("kesher_edge_connections{listener=\"test\"} 0"));
    }
}

TEST_CASE("A second listener on the same port is refused") {
    Listener listener;
    auto settings = quick_settings();
    settings.port = listener.port();
    CHECK_THROWS_AS(Listener(settings), std::runtime_error);
}

TEST_CASE("Plain HTTP beyond this machine is refused at start") {
    auto settings = quick_settings();
    settings.address = "0.0.0.0";
    CHECK_THROWS_AS(Listener(settings), std::runtime_error);
}
