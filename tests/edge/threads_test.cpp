// A listener's threads have the stacks that its settings give them: with hundreds of threads their stacks are
// what a listener may take of the machine's memory, and too small a one ends the whole hub.
#include <pthread.h>

#include <catch2/catch.hpp>

#include "tests/edge/listener.h"

using namespace kesher;
using namespace kesher::tests;

namespace {

std::size_t stack_of_this_thread() {
    pthread_attr_t attributes;
    REQUIRE(::pthread_getattr_np(::pthread_self(), &attributes) == 0);
    std::size_t bytes = 0;
    REQUIRE(::pthread_attr_getstacksize(&attributes, &bytes) == 0);
    ::pthread_attr_destroy(&attributes);
    return bytes;
}

// The stack of the thread that answers a request.
std::size_t stack_of_a_handler(edge::ListenerSettings settings) {
    telemetry::Log log(telemetry::Level::error, [](std::string_view) {});
    telemetry::Metrics metrics;
    std::atomic<std::size_t> bytes{0};
    const auto look = [&bytes](const edge::Request&) {
        bytes = stack_of_this_thread();
        return edge::empty_response();
    };
    edge::Server server(
        std::move(settings),
        edge::RouteTable({{.method = "GET", .path = "/v1/look", .who = "any", .handler = look}}), log,
        metrics);
    RawLine line(server.port());
    line.send(get("/v1/look"));
    REQUIRE(line.answer().status == 204);
    return bytes;
}

// The C library gives a new thread the stack that an ended one left, where it has at most four times as much.
void check_stack(edge::ListenerSettings settings, std::size_t asked) {
    const std::size_t bytes = stack_of_a_handler(std::move(settings));
    CHECK(bytes >= asked);
    CHECK(bytes <= 4 * asked);
}

}  // namespace

TEST_CASE("A thread that answers has half a mebibyte of stack where nothing else was said") {
    check_stack(quick_settings(), 512 * 1024);
}

TEST_CASE("A thread that answers has the stack that its listener's settings say") {
    auto settings = quick_settings();
    settings.stack_bytes = 16 * 1024 * 1024;  // more than any other thread has
    check_stack(settings, settings.stack_bytes);
}
