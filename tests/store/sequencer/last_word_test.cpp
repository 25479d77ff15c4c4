// A database that has forgotten what was promised elsewhere is not sequenced: the checkpoint file on another
// disk, and what a witness signed, are held against it at every start.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "audit/log/checkpoint.h"
#include "gateway/sequencer/last_word.h"
#include "gateway/store/log_repository.h"
#include "tests/store/sequencer/world.h"

using namespace kesher;
using namespace kesher::contract;
using Catch::Matchers::Contains;
using tests::World;

namespace {

log::Checkpoint kept_in_file(const World& world) {
    const auto note = sequencer::read_checkpoint_file(world.checkpoint_file());
    REQUIRE(note);
    return log::open_checkpoint(*note, world.log_key()).value().checkpoint;
}

void put_in_file(const World& world, const std::string& text) {
    std::ofstream(world.checkpoint_file(), std::ios::binary | std::ios::trunc) << text;
}

log::NoteSigner log_signer(const World& world) {
    return log::NoteSigner::from_seed(std::string(World::kOrigin), log::NoteKeyType::ed25519,
                                      world.keys().log_seed().reveal())
        .value();
}

// The log's tables as they stood when it had so many entries.
std::string cut_to(TreeSize size) {
    const std::string from = std::to_string(number(size));
    return "DELETE FROM log_cosignature WHERE size > " + from + "; DELETE FROM log_checkpoint WHERE size > " +
           from + "; DELETE FROM log_entry WHERE idx >= " + from;
}

Digest other_root() {
    Digest root;
    root.bytes.fill(7);
    return root;
}

// As `health`, a witness, would have signed a checkpoint of the size that stands.
void cosign(World& world, const log::Checkpoint& checkpoint) {
    const auto witness = world.health.witness(std::string(World::kHub));
    std::string line = log::write(witness.cosign(log::body(checkpoint), log::CosignatureTime{}));
    line.pop_back();
    store::Connection hub({.conninfo = world.database().hub()}, store::log_statements());
    REQUIRE(store::add_cosignature(hub, {checkpoint.size, witness.key().name(), line}));
}

}  // namespace

TEST_CASE("What was committed last stands in the file when the hub has ended, signed by the log") {
    World world;
    (void)world.open_case(world.department);
    const auto entries = static_cast<std::uint64_t>(world.count("log_entry"));
    world.stop();
    CHECK(number(kept_in_file(world).size) == entries);
    CHECK_NOTHROW(world.start());
}

TEST_CASE("An older database put back: the hub does not start, says so, and names the way out") {
    World world;
    world.stop();
    const TreeSize before = kept_in_file(world).size;
    world.start();
    (void)world.open_case(world.department);
    world.stop();
    const std::string newest = *sequencer::read_checkpoint_file(world.checkpoint_file());
    world.as_superuser(cut_to(before));
    CHECK_THROWS_WITH(world.start(), Contains("older database") && Contains("log recover") &&
                                         Contains(std::to_string(number(before)) + " entries"));
    CHECK(sequencer::read_checkpoint_file(world.checkpoint_file()) == newest);
}

TEST_CASE("A file that is behind the database is no reason to stand still") {
    World world;
    world.stop();
    const std::string older = *sequencer::read_checkpoint_file(world.checkpoint_file());
    world.start();
    (void)world.open_case(world.department);
    world.stop();
    put_in_file(world, older);
    CHECK_NOTHROW(world.start());
}

TEST_CASE("A checkpoint of the same size with another root: this is not the log that was signed") {
    World world;
    world.stop();
    log::Checkpoint other = kept_in_file(world);
    const log::NoteSigner signer = log_signer(world);
    put_in_file(world, log::sign(other, signer));
    CHECK_NOTHROW(world.start());
    world.stop();
    other = kept_in_file(world);
    other.root = other_root();
    put_in_file(world, log::sign(other, signer));
    CHECK_THROWS_WITH(world.start(), Contains("another root"));
}

TEST_CASE("A file that is there and is no checkpoint of this log is never passed over") {
    World world;
    world.stop();
    const auto text = GENERATE(std::string(), std::string("hub.example/log\n5\n"));
    put_in_file(world, text);
    CHECK_THROWS_WITH(world.start(), Contains("is not this log's"));
}

TEST_CASE("Without the file the hub starts, tells its operator, and writes it again") {
    World world;
    world.stop();
    std::filesystem::remove(world.checkpoint_file());
    world.start();
    (void)world.open_case(world.department);
    const auto entries = static_cast<std::uint64_t>(world.count("log_entry"));
    world.stop();
    CHECK(number(kept_in_file(world).size) == entries);
    const auto lines = world.operator_log();
    CHECK(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find("checkpoint_file") != std::string::npos &&
               line.find("\"found\":false") != std::string::npos;
    }));
}

TEST_CASE("What an interrupted write left beside the file gets into nothing") {
    World world;
    world.stop();
    std::ofstream(world.checkpoint_file().string() + ".new") << std::string(10'000, 'x');
    world.start();
    (void)world.open_case(world.department);
    const auto entries = static_cast<std::uint64_t>(world.count("log_entry"));
    world.stop();
    CHECK(number(kept_in_file(world).size) == entries);
    CHECK_NOTHROW(world.start());
}

TEST_CASE("While it runs: a database that lost its end is not gone on with") {
    World world;
    (void)world.open_case(world.department);
    world.stop();
    const TreeSize before = kept_in_file(world).size;
    std::filesystem::remove(world.checkpoint_file());
    world.start();
    (void)world.open_case(world.department);
    world.as_superuser(cut_to(before));
    world.as_superuser(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'kesher_hub' AND datname = "
        "current_database()");
    const auto woman = [&] { return world.open_case(world.department); };
    CHECK_THROWS(woman());  // the connection is lost
    CHECK_THROWS(woman());  // and what it finds then is not the log that it answered from
    CHECK(world.hub().trial() == sequencer::Trial::not_believed);
}

TEST_CASE("What a witness signed is the log that stands: the hub starts") {
    World world;
    world.stop();
    cosign(world, kept_in_file(world));
    CHECK_NOTHROW(world.start());
}

TEST_CASE("A witness signed another tree of that size: the hub does not start and names the witness") {
    World world;
    world.stop();
    log::Checkpoint other = kept_in_file(world);
    other.root = other_root();
    cosign(world, other);
    CHECK_THROWS_WITH(world.start(), Contains("health signed as a witness"));
}
