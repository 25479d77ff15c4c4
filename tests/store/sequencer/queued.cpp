#include "tests/store/sequencer/queued.h"

#include <stdexcept>

namespace kesher::tests {
namespace {

// The sequencer asks for the lane while it holds the queue: who asks next comes behind.
class Announced final : public sequencer::Request {
public:
    explicit Announced(std::shared_ptr<sequencer::Request> inner) : inner_(std::move(inner)) {}

    [[nodiscard]] sequencer::Lane lane() const override {
        queued_.count_down();
        return inner_->lane();
    }
    [[nodiscard]] std::size_t bytes() const override { return inner_->bytes(); }
    void want(sequencer::Wanted& wanted) const override { inner_->want(wanted); }
    void want_more(const sequencer::Facts& facts, const sequencer::Means& means,
                   sequencer::Wanted& wanted) const override {
        inner_->want_more(facts, means, wanted);
    }
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override { return inner_->decide(turn); }
    void committed(std::vector<sequencer::Receipted> receipts) override {
        inner_->committed(std::move(receipts));
    }
    void wait_until_queued() const { queued_.wait(); }

private:
    std::shared_ptr<sequencer::Request> inner_;
    mutable std::latch queued_{1};
};

}  // namespace

sequencer::Answer Gate::decide(sequencer::Turn&) {
    reached_.count_down();
    open_.wait();
    return {};
}

sequencer::Answer Faulty::decide(sequencer::Turn&) { throw std::logic_error("a fault of ours"); }

std::future<sequencer::Answer> enqueue(sequencer::Sequencer& hub,
                                       std::shared_ptr<sequencer::Request> request) {
    const auto announced = std::make_shared<Announced>(std::move(request));
    auto answer = std::async(std::launch::async, [&hub, announced] { return hub.run(announced); });
    announced->wait_until_queued();
    return answer;
}

}  // namespace kesher::tests
