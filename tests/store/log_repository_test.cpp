// What the sequencer appends is what a later start, an auditor and a witness read.
#include <catch2/catch.hpp>

#include "gateway/store/log_repository.h"
#include "tests/support/postgres.h"

using namespace kesher;
using namespace kesher::store;
using contract::LeafIndex;
using contract::TreeSize;

namespace {

struct Log {
    tests::FreshDatabase database;
    Connection connection{{.conninfo = database.hub()}, log_statements()};
};

contract::Digest digest(std::uint64_t seed) {
    contract::Digest digest;
    for (std::size_t at = 0; at < 32; ++at) digest.bytes[at] = static_cast<std::uint8_t>(seed * 7 + at);
    return digest;
}

LogEntry entry(std::uint64_t index) {
    const std::string text = "-\n{\"v\":1,\"n\":" + std::to_string(index) + "}\n";
    const auto bytes = contract::bytes_of(text);
    return {LeafIndex{index}, digest(index), {bytes.begin(), bytes.end()}};
}

std::vector<LogEntry> entries(std::uint64_t from, std::uint64_t to) {
    std::vector<LogEntry> found;
    for (std::uint64_t index = from; index < to; ++index) found.push_back(entry(index));
    return found;
}

LogTile tile(std::uint8_t level, std::uint64_t n) {
    return {level, n, contract::Bytes(kTileBytes, static_cast<std::uint8_t>(level * 16 + n))};
}

LogCheckpoint checkpoint(std::uint64_t size) {
    return {TreeSize{size},
            "hub.example/log\n" + std::to_string(size) + "\nroot\n\n— hub.example/log AAAA\n"};
}

Outcome append(Log& log, std::span<const LogEntry> batch, std::span<const LogTile> tiles,
               std::uint64_t size) {
    Pipeline pipeline(log.connection);
    append_entries(pipeline, batch);
    append_tiles(pipeline, tiles);
    append_checkpoint(pipeline, checkpoint(size));
    return pipeline.run();
}

bool stored(const Outcome& outcome) { return std::holds_alternative<Replies>(outcome); }

std::string refused_with(const Outcome& outcome) {
    const auto* refused = std::get_if<Refused>(&outcome);
    return refused == nullptr ? "not refused" : refused->statement + " " + refused->sqlstate;
}

}  // namespace

TEST_CASE("A fresh log is empty") {
    Log log;
    CHECK(log_origin(log.connection) == std::nullopt);
    CHECK(last_checkpoint(log.connection) == std::nullopt);
    CHECK(stored_size(log.connection) == TreeSize{0});
    CHECK(log_entries(log.connection, LeafIndex{0}, 10).empty());
    CHECK(log_tile(log.connection, 0, 0) == std::nullopt);
}

TEST_CASE("A log gets its name once") {
    Log log;
    CHECK(record_origin(log.connection, "hub.example/log"));
    CHECK_FALSE(record_origin(log.connection, "other.example/log"));
    CHECK(log_origin(log.connection) == "hub.example/log");
}

TEST_CASE("A batch of entries with its full tile and checkpoint is read back as it was appended") {
    Log log;
    const auto batch = entries(0, 300);
    const std::vector<LogTile> tiles{tile(0, 0)};
    REQUIRE(stored(append(log, batch, tiles, 300)));
    CHECK(log_entries(log.connection, LeafIndex{0}, 1000) == batch);
    CHECK(log_entry(log.connection, LeafIndex{299}) == batch[299]);
    CHECK(log_entry(log.connection, LeafIndex{300}) == std::nullopt);
    CHECK(log_tile(log.connection, 0, 0) == tiles[0]);
    CHECK(last_checkpoint(log.connection) == checkpoint(300));
    CHECK(stored_size(log.connection) == TreeSize{300});
}

TEST_CASE("Entries and leaf hashes come in order of index and page by page") {
    Log log;
    REQUIRE(stored(append(log, entries(0, 10), {}, 10)));
    CHECK(log_entries(log.connection, LeafIndex{4}, 3) == entries(4, 7));
    const auto hashes = leaf_hashes(log.connection, LeafIndex{8}, 100);
    CHECK(hashes == std::vector<LeafHash>{{LeafIndex{8}, digest(8)}, {LeafIndex{9}, digest(9)}});
    CHECK(leaf_hashes(log.connection, LeafIndex{10}, 100).empty());
}

TEST_CASE("Tiles of a level come in order of their number") {
    Log log;
    const std::vector<LogTile> tiles{tile(1, 0), tile(0, 2), tile(0, 0), tile(0, 1)};
    REQUIRE(stored(append(log, {}, tiles, 1)));
    CHECK(log_tiles(log.connection, 0, 0, 10) == std::vector<LogTile>{tile(0, 0), tile(0, 1), tile(0, 2)});
    CHECK(log_tiles(log.connection, 0, 1, 1) == std::vector<LogTile>{tile(0, 1)});
    CHECK(log_tiles(log.connection, 1, 0, 10) == std::vector<LogTile>{tile(1, 0)});
}

TEST_CASE("A second writer of the same index stores nothing of its batch") {
    Log log;
    REQUIRE(stored(append(log, entries(0, 5), {}, 5)));
    Connection second({.conninfo = log.database.hub()}, log_statements());
    Pipeline pipeline(second);
    append_checkpoint(pipeline, checkpoint(7));
    append_entries(pipeline, entries(4, 7));
    CHECK(refused_with(pipeline.run()) == "log_append_entries 23505");
    CHECK(stored_size(log.connection) == TreeSize{5});
    CHECK(last_checkpoint(log.connection) == checkpoint(5));
}

TEST_CASE("A tile or a checkpoint is written once") {
    Log log;
    const std::vector<LogTile> tiles{tile(0, 0)};
    REQUIRE(stored(append(log, entries(0, 1), tiles, 1)));
    CHECK(refused_with(append(log, entries(1, 2), tiles, 2)) == "log_append_tiles 23505");
    CHECK(refused_with(append(log, entries(1, 2), {}, 1)) == "log_append_checkpoint 23505");
    CHECK(stored_size(log.connection) == TreeSize{1});
}

TEST_CASE("A tile that is not full and a leaf that no bundle could carry are refused") {
    Log log;
    LogTile partial = tile(0, 0);
    partial.hashes.pop_back();
    CHECK(refused_with(append(log, {}, std::span(&partial, 1), 1)) == "log_append_tiles 23514");
    LogEntry longest = entry(0);
    longest.data.assign(65'535, 0x20);
    LogEntry too_long = entry(1);
    too_long.data.assign(65'536, 0x20);
    CHECK(stored(append(log, std::span(&longest, 1), {}, 1)));
    CHECK(refused_with(append(log, std::span(&too_long, 1), {}, 2)) == "log_append_entries 23514");
}

TEST_CASE("A leaf is covered by the first checkpoint that is larger than its index") {
    Log log;
    REQUIRE(stored(append(log, entries(0, 3), {}, 3)));
    REQUIRE(stored(append(log, entries(3, 8), {}, 8)));
    CHECK(checkpoint_covering(log.connection, LeafIndex{0}) == checkpoint(3));
    CHECK(checkpoint_covering(log.connection, LeafIndex{2}) == checkpoint(3));
    CHECK(checkpoint_covering(log.connection, LeafIndex{3}) == checkpoint(8));
    CHECK(checkpoint_covering(log.connection, LeafIndex{8}) == std::nullopt);
    CHECK(checkpoint_of(log.connection, TreeSize{3}) == checkpoint(3));
    CHECK(checkpoint_of(log.connection, TreeSize{4}) == std::nullopt);
}

TEST_CASE("A witness has one line a checkpoint and the first stays") {
    Log log;
    REQUIRE(stored(append(log, entries(0, 3), {}, 3)));
    REQUIRE(stored(append(log, entries(3, 8), {}, 8)));
    const LogCosignature health{TreeSize{3}, "hub.example/witness/health",
                                "— hub.example/witness/health AAAA"};
    const LogCosignature labor{TreeSize{3}, "hub.example/witness/labor", "— hub.example/witness/labor BBBB"};
    const LogCosignature later{TreeSize{8}, "hub.example/witness/health",
                               "— hub.example/witness/health CCCC"};
    CHECK(add_cosignature(log.connection, labor));
    CHECK(add_cosignature(log.connection, health));
    CHECK(add_cosignature(log.connection, later));
    CHECK_FALSE(add_cosignature(log.connection, {health.size, health.witness, "— another"}));
    CHECK(cosignatures_of(log.connection, TreeSize{3}) == std::vector<LogCosignature>{health, labor});
    CHECK(cosignatures_from(log.connection, TreeSize{3}, 10) ==
          std::vector<LogCosignature>{health, labor, later});
    CHECK(cosignatures_from(log.connection, TreeSize{4}, 10) == std::vector<LogCosignature>{later});
}

TEST_CASE("A line for a checkpoint that was never signed is refused") {
    Log log;
    try {
        add_cosignature(log.connection, {TreeSize{5}, "hub.example/witness/health", "— line"});
        FAIL("a line for nothing was stored");
    } catch (const DatabaseRefused& refused) {
        CHECK(refused.sqlstate() == "23503");
    }
    CHECK(log.connection.usable());
}

TEST_CASE("Appending nothing adds no statement") {
    Log log;
    Pipeline pipeline(log.connection);
    append_entries(pipeline, {});
    append_tiles(pipeline, {});
    CHECK(pipeline.size() == 0);
}
