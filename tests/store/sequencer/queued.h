// Requests that a test puts into the sequencer's queue in an order of its own choosing.
//
// A Gate keeps the sequencer in one decision, so that everything queued meanwhile is the next batch.
#pragma once

#include <future>
#include <latch>
#include <memory>

#include "gateway/sequencer/sequencer.h"
#include "tests/store/sequencer/world.h"

namespace kesher::tests {

class Gate final : public sequencer::Request {
public:
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
    void wait_until_reached() { reached_.wait(); }
    void open() { open_.count_down(); }

private:
    std::latch reached_{1};
    std::latch open_{1};
};

// A request with a fault of ours in it.
class Faulty final : public sequencer::Request {
public:
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
};

// Runs it on a thread of its own; returns once it stands in the queue.
[[nodiscard]] std::future<sequencer::Answer> enqueue(sequencer::Sequencer& hub,
                                                     std::shared_ptr<sequencer::Request> request);

// While it lives the sequencer stands in one decision: all that is queued is the next batch.
struct OneBatch {
    explicit OneBatch(World& in) : world(in), held(enqueue(in.hub(), gate)) { gate->wait_until_reached(); }
    ~OneBatch() {
        if (held.valid()) gate->open();  // a test that fails in between ends
    }
    OneBatch(const OneBatch&) = delete;
    OneBatch& operator=(const OneBatch&) = delete;
    std::future<sequencer::Answer> send(const Body& from, const Message& message) {
        return enqueue(world.hub(), world.read(from, from.sign(message)).value());
    }
    std::future<sequencer::Answer> run(std::shared_ptr<sequencer::Request> request) {
        return enqueue(world.hub(), std::move(request));
    }
    void go() {
        gate->open();
        (void)held.get();
    }
    World& world;
    std::shared_ptr<Gate> gate = std::make_shared<Gate>();
    std::future<sequencer::Answer> held;
};

}  // namespace kesher::tests
