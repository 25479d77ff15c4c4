// Whoever asks whether the hub has a message hears it behind all that waits for a decision, and nothing waits
// for minutes unseen.
#include <catch2/catch.hpp>

#include <functional>
#include <latch>
#include <thread>

#include "gateway/insight/reading.h"
#include "tests/store/sequencer/queued.h"

using namespace kesher;
using namespace kesher::contract;
using namespace std::chrono_literals;
using tests::World;

// Its sender had no answer and asks: what stands in the queue in front of the question is no message that the
// hub does not have.
TEST_CASE("Whether the hub has a message is answered behind what waits for a decision") {
    World world;
    const Pseudonym woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const tests::Referred referred{keys::new_id<ReferralId>(), consent};
    const tests::Message submission = world.referral(world.department, woman, world.health, referred);
    const insight::Rooms rooms{world.hub(), world.readers(), world.row_keys(), world.sealed_store()};
    const insight::Reader sender{world.department.id(), world.department.tls_certificate()};

    tests::OneBatch stalled(world);
    auto sent = stalled.send(world.department, submission);
    std::function<insight::Read()> ask;
    std::string_view last;  // the statement that it looks with last
    SECTION("by the number of the message") {
        ask = [&] { return insight::message(rooms, sender, submission.says.id); };
        last = "%d.message = $1%";
    }
    SECTION("by the number of the referral") {
        ask = [&] { return insight::referral(rooms, sender, referred.id); };
        last = "%FROM delivery d WHERE d.referral = ANY%";
    }
    auto asked = std::async(std::launch::async, ask);
    // It has looked: that statement stands at a session that does nothing.
    store::Connection watching({.conninfo = world.database().superuser()}, {});
    const auto looked = [&] {
        return watching
                   .query(
                       "SELECT count(*) FROM pg_stat_activity WHERE usename = 'kesher_hub' AND "
                       "state = 'idle' AND datname = current_database() AND query LIKE $1",
                       store::Parameters().text(last))
                   .only()
                   .bigint(0) > 0;
    };
    for (int times = 0; times < 100 && !looked(); ++times) std::this_thread::sleep_for(50ms);
    REQUIRE(looked());
    stalled.go();
    CHECK_FALSE(sent.get().code);
    const auto answer = asked.get();
    REQUIRE(answer);
    CHECK(answer->find(submission.says.id.text()) != std::string::npos);
    // What it never got it still does not have.
    CHECK(insight::message(rooms, sender, keys::new_id<MessageId>()).error() == Code::not_found);
    CHECK(insight::referral(rooms, sender, keys::new_id<ReferralId>()).error() == Code::not_found);
}

TEST_CASE("Who waits for a reader longer than for the database is told so and a withdrawal waits on") {
    World world;
    store::Readers readers({.conninfo = world.database().hub(), .answer_within = 100ms},
                           sequencer::all_statements(), 4);
    using For = store::Readers::For;
    const auto nothing = [](store::Connection&) { return true; };
    std::promise<void> free;
    std::shared_future<void> until = free.get_future().share();
    std::vector<std::future<void>> holding;
    std::latch held(4);
    for (int count = 0; count < 4; ++count) {
        holding.push_back(std::async(std::launch::async, [&] {
            readers.with(
                [&](store::Connection&) {
                    held.count_down();
                    until.wait();
                },
                For::withdrawal);
        }));
    }
    held.wait();
    CHECK_THROWS_AS(readers.with(nothing), store::DatabaseLost);
    CHECK_THROWS_AS(readers.look(nothing), store::DatabaseLost);
    auto withdrawal = std::async(std::launch::async, [&] { return readers.with(nothing, For::withdrawal); });
    CHECK(withdrawal.wait_for(300ms) == std::future_status::timeout);
    free.set_value();
    CHECK(withdrawal.get());
    for (auto& each : holding) each.get();
    CHECK(readers.look(nothing));
}
