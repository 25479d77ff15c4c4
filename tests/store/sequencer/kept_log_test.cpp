// The stored log is believed only where it gives the root that was signed, and every decision stands in it.
#include <catch2/catch.hpp>

#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/ledger.h"
#include "gateway/store/messages.h"
#include "schemas/statement/hash.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using Catch::Matchers::Contains;
using tests::World;

namespace {

// So many leaves in one batch.
void grow(World& world, std::size_t leaves) {
    std::vector<sequencer::RefusalCounts::Count> counts(
        leaves,
        {world.nii.id(), Code::signature_invalid, std::chrono::floor<std::chrono::minutes>(world.now()), 1});
    const auto answer = world.hub().run(std::make_shared<sequencer::CountedRequest>(std::move(counts)));
    REQUIRE_FALSE(answer.code);
}

// Stopped, changed behind its back, and not to be started until the change is undone.
void check_refuses_to_start(World& world, const std::string& change, const std::string& undo,
                            const std::string& names) {
    world.stop();
    world.as_superuser(change);
    CHECK_THROWS_WITH(world.start(), Contains(names));
    world.as_superuser(undo);
    CHECK_NOTHROW(world.start());
}

std::string flip(const std::string& table, const std::string& column, int byte, const std::string& where) {
    const auto at = "get_byte(" + column + ", " + std::to_string(byte) + ")";
    return "UPDATE " + table + " SET " + column + " = set_byte(" + column + ", " + std::to_string(byte) +
           ", " + at + " # 1) WHERE " + where;
}

}  // namespace

TEST_CASE("One byte of a stored leaf changed: the hub does not start and names the entry") {
    World world;
    const std::string change = flip("log_entry", "data", 40, "idx = 7");
    check_refuses_to_start(world, change, change, "Entry 7 ");
}

TEST_CASE("One byte of a stored leaf hash changed: the hub does not start and names the entry") {
    World world;
    const std::string change = flip("log_entry", "leaf_hash", 0, "idx = 9");
    check_refuses_to_start(world, change, change, "Entry 9 ");
}

TEST_CASE("An entry that is gone: the hub does not start and names it") {
    World world;
    check_refuses_to_start(
        world,
        "CREATE TABLE aside AS SELECT * FROM log_entry WHERE idx = 3; DELETE FROM log_entry WHERE idx = 3",
        "INSERT INTO log_entry SELECT * FROM aside", "Entry 3 ");
}

TEST_CASE("An entry replaced together with its hash: the hub does not start because the root is another") {
    World world;
    check_refuses_to_start(
        world,
        "CREATE TABLE aside AS SELECT * FROM log_entry WHERE idx = 3; "
        "UPDATE log_entry SET data = '\\x2d0a7b7d0a', leaf_hash = sha256('\\x002d0a7b7d0a') "
        "WHERE idx = 3",
        "UPDATE log_entry e SET data = a.data, leaf_hash = a.leaf_hash FROM aside a "
        "WHERE e.idx = a.idx",
        "root that was signed");
}

TEST_CASE("One byte of a stored tile changed: the hub does not start and names tile and entry") {
    World world;
    grow(world, 300);
    REQUIRE(world.count("log_tile WHERE level = 0") == 1);
    const std::string change = flip("log_tile", "hashes", 100 * 32 + 5, "level = 0 AND n = 0");
    check_refuses_to_start(world, change, change, "Tile 0 of level 0 does not hold entry 100 ");
}

TEST_CASE("A tile that is gone: the hub does not start and names it") {
    World world;
    grow(world, 300);
    check_refuses_to_start(world, "CREATE TABLE aside AS SELECT * FROM log_tile; DELETE FROM log_tile",
                           "INSERT INTO log_tile SELECT * FROM aside", "Tile 0 of level 0 is missing");
}

TEST_CASE(
    "An entry replaced with hash and tile: the first entry that the signed root does not hold is not "
    "hidden") {
    World world;
    grow(world, 300);
    check_refuses_to_start(
        world,
        "CREATE TABLE aside AS SELECT * FROM log_entry WHERE idx = 3; "
        "CREATE TABLE tile_aside AS SELECT * FROM log_tile; "
        "UPDATE log_entry SET data = '\\x2d0a7b7d0a', leaf_hash = sha256('\\x002d0a7b7d0a') WHERE idx = 3; "
        "UPDATE log_tile SET hashes = overlay(hashes placing sha256('\\x002d0a7b7d0a') from 3 * 32 + 1)",
        "UPDATE log_entry e SET data = a.data, leaf_hash = a.leaf_hash FROM aside a WHERE e.idx = a.idx; "
        "UPDATE log_tile t SET hashes = a.hashes FROM tile_aside a",
        "root that was signed");
}

TEST_CASE("A checkpoint with another size than it signs: the hub does not start") {
    World world;
    check_refuses_to_start(
        world,
        "UPDATE log_checkpoint SET size = size + 1 WHERE size = (SELECT max(size) FROM log_checkpoint)",
        "UPDATE log_checkpoint SET size = size - 1 WHERE size = (SELECT max(size) FROM log_checkpoint)",
        "another size");
}

TEST_CASE("A second hub on the same database does not start while the first one runs and starts after it") {
    World world;
    CHECK_THROWS_WITH(world.another_sequencer(), Contains("only one may sequence"));
    const auto woman = world.open_case(world.department);  // the first goes on
    (void)world.agree(woman, world.health);
    world.stop();
    CHECK_NOTHROW(world.another_sequencer());
}

TEST_CASE("A hub whose clock is more than five minutes behind the log does not start") {
    World world;
    world.stop();
    const Instant now = world.now();
    world.set_clock(now - std::chrono::seconds{301});
    CHECK_THROWS_WITH(world.start(), Contains("Set the clock"));
    world.set_clock(now - std::chrono::seconds{300});
    CHECK_NOTHROW(world.start());
}

TEST_CASE(
    "Every leaf that permits a message has its row and payload and every row and payload has its leaf") {
    World world;
    const auto woman = world.open_case(world.department);
    const auto consent = world.agree(woman, world.health);
    const auto referred = world.refer(woman, world.health, consent);
    const auto delivery = world.poll(world.health).at(0);
    (void)world.acknowledge(world.health, delivery, AckOutcome::taken);
    (void)world.must_send(world.health, world.event(world.health, delivery.pseudonym, world.department,
                                                    referred, ReferralEvent::accept));
    for (const auto& notice : world.poll(world.department)) {
        (void)world.acknowledge(world.department, notice, AckOutcome::taken);
    }
    REQUIRE(world.poll(world.department).size() == 1);  // what waits at a withdrawal would be wiped
    const auto refused = world.referral(world.department, woman, world.health, referred);
    REQUIRE(world.send(world.department, refused).code == Code::event_not_allowed);
    (void)world.must_send(world.department, world.revocation(world.department, woman, consent));

    store::Connection hub({.conninfo = world.database().hub()}, store::message_statements());
    std::int64_t permitted = 0, denied = 0;
    for (const tests::Leaf& leaf : world.leaves()) {
        const log::Record& record = leaf.record;
        const bool decides_message = leaf.statement && record.message && record.org;
        if (!decides_message) continue;
        CAPTURE(number(leaf.index));
        const store::MessageKey key{*record.org, *record.message};
        const auto row = store::message(hub, key);
        REQUIRE(row);
        CHECK(row->index == leaf.index);
        const auto sealed = store::sealed_payload(hub, key);
        if (record.decision == log::Decision::deny) {
            ++denied;
            CHECK(row->code == record.code);
            CHECK_FALSE(sealed);
            continue;
        }
        ++permitted;
        CHECK_FALSE(row->code);
        REQUIRE(sealed);
        CHECK(statement::sha256(sequencer::open_payload(world.sealed_store(), key, *sealed)) == row->payload);
    }
    CHECK(denied == 1);
    CHECK(permitted >= 6);  // consent, referral, accept, revocation, and the hub's own notices
    CHECK(world.count("message") == permitted + denied);
    CHECK(world.count("payload") == permitted);
}
