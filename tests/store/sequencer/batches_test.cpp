// How much goes at once: a batch of decisions and a batch of deliveries end at their bytes, and what is
// larger than either goes by itself.
#include <catch2/catch.hpp>

#include "audit/log/receipt.h"
#include "gateway/inbox/poll.h"
#include "schemas/contract/limits.h"
#include "tests/store/sequencer/queued.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using sequencer::Lane;
using tests::OneBatch;
using tests::World;

namespace {

// So many bytes towards the batch, and nothing to decide. It remembers how many of its kind were decided when
// its batch was committed: all of a batch are decided before any of it is.
class Sized final : public sequencer::Request {
public:
    Sized(std::size_t size, std::shared_ptr<std::size_t> decided, Lane lane)
        : size_(size), decided_(std::move(decided)), lane_(lane) {}
    [[nodiscard]] Lane lane() const override { return lane_; }
    [[nodiscard]] std::size_t bytes() const override { return size_; }
    void want(sequencer::Wanted&) const override {}
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn&) override {
        ++*decided_;
        return {};
    }
    void committed(std::vector<sequencer::Receipted>) override { decided_before_commit = *decided_; }

    std::size_t decided_before_commit = 0;

private:
    std::size_t size_;
    std::shared_ptr<std::size_t> decided_;
    Lane lane_;
};

struct Queue {
    World world;

    struct Waiting {
        std::size_t bytes;
        Lane lane = Lane::ordinary;
    };
    // What waits is decided: of each, how many had been by the commit that it was answered after.
    std::vector<std::size_t> decide(const std::vector<Waiting>& all) {
        const auto decided = std::make_shared<std::size_t>(0);
        std::vector<std::shared_ptr<Sized>> requests;
        std::vector<std::future<sequencer::Answer>> answers;
        OneBatch batch(world);
        for (const Waiting& each : all) {
            requests.push_back(std::make_shared<Sized>(each.bytes, decided, each.lane));
            answers.push_back(batch.run(requests.back()));
        }
        batch.go();
        for (auto& answer : answers) (void)answer.get();
        std::vector<std::size_t> seen;
        for (const auto& request : requests) seen.push_back(request->decided_before_commit);
        return seen;
    }
};

}  // namespace

TEST_CASE("A batch of decisions holds four mebibytes of requests and not a byte more") {
    Queue it;
    constexpr std::size_t kQuarter = limits::kBatchBytes / 4;
    CHECK(it.decide({{kQuarter}, {kQuarter}, {kQuarter}, {kQuarter}, {kQuarter}}) ==
          std::vector<std::size_t>{4, 4, 4, 4, 5});
    CHECK(it.decide({{kQuarter}, {kQuarter}, {kQuarter}, {kQuarter + 1}, {kQuarter}}) ==
          std::vector<std::size_t>{3, 3, 3, 5, 5});
}

TEST_CASE("A request larger than a batch is decided by itself") {
    Queue it;
    constexpr std::size_t kLarger = limits::kBatchBytes + 1;
    CHECK(it.decide({{kLarger}, {1}, {1}, {kLarger}}) == std::vector<std::size_t>{1, 3, 3, 4});
}

TEST_CASE("What is small does not overtake a withdrawal for which its batch has no room") {
    Queue it;
    const auto seen = it.decide({{1}, {limits::kBatchBytes - 1, Lane::first}, {2, Lane::first}});
    CHECK(seen == std::vector<std::size_t>{3, 1, 3});
}

TEST_CASE("A message counts towards its batch with its payload") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    std::vector<tests::Message> messages;
    for (int count = 0; count < 3; ++count) {
        messages.push_back(World::with_payload_of(
            3 * limits::kBatchBytes / 8,
            world.referral(world.department, woman, world.health, {keys::new_id<ReferralId>(), consent})));
    }
    std::vector<std::future<sequencer::Answer>> answers;
    OneBatch batch(world);
    for (const tests::Message& message : messages) answers.push_back(batch.send(world.department, message));
    batch.go();
    std::vector<std::string> checkpoints;  // one a batch
    for (auto& answer : answers) {
        checkpoints.push_back(log::parse_receipt(answer.get().receipt.value().receipt).value().checkpoint);
    }
    CHECK(checkpoints[0] == checkpoints[1]);
    CHECK(checkpoints[1] != checkpoints[2]);
}

namespace {

struct Inbox {
    World world;
    Pseudonym woman = world.open_case(world.department);
    ConsentId consent = world.agree(woman, world.health);

    // A referral of which statement and payload have so many bytes together.
    void submit(std::size_t bytes) {
        const tests::Message small =
            world.referral(world.department, woman, world.health, {keys::new_id<ReferralId>(), consent});
        const std::size_t statement = world.department.sign(small).statement.size();
        (void)world.must_send(world.department, World::with_payload_of(bytes - statement, small));
    }
    // The sizes of what one poll brings.
    std::vector<std::size_t> fetch() {
        std::vector<std::size_t> sizes;
        for (const auto& delivery : world.poll(world.health))
            sizes.push_back(delivery.statement.size() + delivery.payload.size());
        return sizes;
    }
};

using Sizes = std::vector<std::size_t>;
constexpr std::size_t kSmall = 8 * 1024;

}  // namespace

TEST_CASE("A batch of deliveries holds one mebibyte and not a byte more") {
    Inbox it;
    constexpr std::size_t kHalf = limits::kInboxBatchBytes / 2;
    for (const std::size_t bytes : {kHalf, kHalf, kHalf, kHalf + 1}) it.submit(bytes);
    CHECK(it.fetch() == Sizes{kHalf, kHalf});
    CHECK(it.fetch() == Sizes{kHalf});
    CHECK(it.fetch() == Sizes{kHalf + 1});
    CHECK(it.fetch().empty());
}

TEST_CASE("A message larger than a batch of deliveries is handed over by itself") {
    Inbox it;
    constexpr std::size_t kLarger = limits::kInboxBatchBytes + 1;
    for (const std::size_t bytes : {kLarger, kSmall, kSmall, kLarger, kSmall}) it.submit(bytes);
    CHECK(it.fetch() == Sizes{kLarger});
    CHECK(it.fetch() == Sizes{kSmall, kSmall});
    CHECK(it.fetch() == Sizes{kLarger});
    CHECK(it.fetch() == Sizes{kSmall});
}
