// A call of theirs waits for the loop, is answered once by it, and leaves nothing behind where it is not.
#include "adapters/record/calls_of_theirs.h"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

using namespace kesher;
using namespace kesher::record;
using namespace std::chrono_literals;

namespace {

CallOfTheirs call(const std::string& id) {
    return {id, "ssd-5000",
            Status{contract::ReferralId::of_random({}), {contract::ReferralState::accepted}, {}}};
}
bool never_busy() { return false; }

}  // namespace

TEST_CASE("A call is answered with what the loop made of it, in the order in which they came") {
    CallsOfTheirs calls(20s, never_busy);
    std::vector<std::string> seen;
    auto first = std::async(std::launch::async, [&] { return calls.ask(call("1")); });
    while (seen.empty()) {
        calls.serve([&](const CallOfTheirs& waiting) {
            seen.push_back(waiting.id);
            return CallResult{ResultKind::no_such_step};
        });
    }
    CHECK(first.get().kind == ResultKind::no_such_step);
    CHECK(seen == std::vector<std::string>{"1"});
}

TEST_CASE("A call that the loop does not come to in time is gone when it comes") {
    CallsOfTheirs calls(1ms, never_busy);
    CHECK(calls.ask(call("1")).kind == ResultKind::not_now);
    int served = 0;
    calls.serve([&](const CallOfTheirs&) {
        ++served;
        return CallResult{};
    });
    CHECK(served == 0);
}

TEST_CASE("What the loop has begun is waited for beyond any patience") {
    CallsOfTheirs calls(50ms, never_busy);
    auto asked = std::async(std::launch::async, [&] { return calls.ask(call("1")); });
    bool served = false;
    while (!served) {
        calls.serve([&](const CallOfTheirs&) {
            served = true;
            std::this_thread::sleep_for(100ms);
            return CallResult{ResultKind::taken};
        });
    }
    CHECK(asked.get().kind == ResultKind::taken);
}

TEST_CASE("While the loop waits for them their call does not wait for the loop") {
    CallsOfTheirs calls(20s, [] { return true; });
    CHECK(calls.ask(call("1")).kind == ResultKind::not_now);
}

TEST_CASE("Whoever waits goes when the listener ends, and nobody waits afterwards") {
    CallsOfTheirs calls(20s, never_busy);
    auto asked = std::async(std::launch::async, [&] { return calls.ask(call("1")); });
    std::this_thread::sleep_for(10ms);
    calls.close();
    CHECK(asked.get().kind == ResultKind::not_now);
    CHECK(calls.ask(call("2")).kind == ResultKind::not_now);
}

TEST_CASE("A loop that breaks over a call leaves nobody waiting") {
    CallsOfTheirs calls(20s, never_busy);
    auto asked = std::async(std::launch::async, [&] { return calls.ask(call("1")); });
    bool broke = false;
    while (!broke) {
        try {
            calls.serve([](const CallOfTheirs&) -> CallResult { throw std::runtime_error("the disk"); });
        } catch (const std::runtime_error&) {
            broke = true;
        }
    }
    CHECK(asked.get().kind == ResultKind::not_now);
}
