// One sequencer a database: a second one waits, and takes over only when the first is really gone.
#include <catch2/catch.hpp>

#include "gateway/store/advisory_lock.h"
#include "gateway/store/log_repository.h"
#include "tests/support/postgres.h"

using namespace kesher;
using namespace kesher::store;
using namespace std::chrono_literals;

namespace {
Connection session(const tests::FreshDatabase& database) { return {{.conninfo = database.hub()}, {}}; }
}  // namespace

TEST_CASE("While one session sequences a second one is refused") {
    const tests::FreshDatabase database;
    Connection first = session(database), second = session(database);
    const auto lock = SequencerLock::try_take(first);
    REQUIRE(lock.has_value());
    CHECK_FALSE(SequencerLock::try_take(second).has_value());
    CHECK_FALSE(SequencerLock::take(second, 50ms).has_value());
}

TEST_CASE("When the first lets go the second takes over") {
    const tests::FreshDatabase database;
    Connection first = session(database), second = session(database);
    SECTION("it frees the lock") { (void)SequencerLock::try_take(first); }
    SECTION("its session is dropped") {
        auto lock = SequencerLock::try_take(first);
        REQUIRE(lock.has_value());
        first.discard();
    }
    CHECK(SequencerLock::take(second, 5s).has_value());
}

TEST_CASE(
    "After a doubt the lock falls free only when the old commit is done so that the new session sees it") {
    constexpr Statement kSlow{"slow", "SELECT pg_sleep(1)::text"};
    const tests::FreshDatabase database;
    std::vector<Statement> statements(log_statements().begin(), log_statements().end());
    statements.push_back(kSlow);
    Connection first({database.hub(), 200ms}, statements);
    Connection second({.conninfo = database.hub()}, statements);
    auto lock = SequencerLock::try_take(first);
    REQUIRE(lock.has_value());

    Pipeline batch(first);
    append_checkpoint(batch, {contract::TreeSize{1}, "a note"});
    batch.add(kSlow);
    REQUIRE(std::holds_alternative<Doubt>(batch.run()));

    CHECK_FALSE(SequencerLock::try_take(second).has_value());
    CHECK_FALSE(last_checkpoint(second).has_value());  // what a hasty reload would have believed
    REQUIRE(SequencerLock::take(second, 10s).has_value());
    CHECK(last_checkpoint(second).has_value());
}

TEST_CASE("A lock that has moved is still one lock") {
    const tests::FreshDatabase database;
    Connection first = session(database), second = session(database);
    auto lock = SequencerLock::try_take(first);
    REQUIRE(lock.has_value());
    {
        const SequencerLock moved = std::move(*lock);
        CHECK_FALSE(SequencerLock::try_take(second).has_value());
    }
    CHECK(SequencerLock::try_take(second).has_value());
}

TEST_CASE("Two databases of one cluster each have their own sequencer") {
    const tests::FreshDatabase one, other;
    Connection first = session(one), second = session(other);
    const auto lock = SequencerLock::try_take(first);
    CHECK(lock.has_value());
    CHECK(SequencerLock::try_take(second).has_value());
}
