// Requests that a test puts into the sequencer's queue in an order of its own choosing.
//
// A Gate keeps the sequencer in one decision, so that everything queued meanwhile is the next batch.
#pragma once

#include <future>
#include <latch>
#include <memory>

#include "gateway/sequencer/sequencer.h"

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

}  // namespace kesher::tests
