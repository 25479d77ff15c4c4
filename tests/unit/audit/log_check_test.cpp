// A copy of the log is accepted whole, and one changed byte anywhere in it is found and named.
// Method: a log of 300 starts of a hub as C2SP tiles; each case changes one file and asks kesher-verify.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "audit/log/checkpoint.h"
#include "audit/log/leaf.h"
#include "audit/merkle/tree.h"
#include "audit/verifier/log_command.h"
#include "audit/verifier/log_folder.h"
#include "audit/verifier/log_walk.h"
#include "tests/unit/audit/samples.h"
#include "tests/unit/audit/scratch_folder.h"

using namespace kesher;
using samples::Answer;
using samples::ScratchFolder;

namespace {

constexpr std::uint64_t kLeaves = 300;  // a full tile, a partial one, and a partial one above

std::string start(std::uint64_t number, std::int64_t second) {
    log::Record record;
    record.at = contract::Instant{std::chrono::milliseconds{1'795'245'300'000 + second * 1'000}};
    record.event = log::RecordEvent::start;
    record.actor_type = log::ActorType::system;
    record.facts.add("number", number);
    return log::leaf_text(std::nullopt, record).value();
}

log::NoteSigner signer() {
    return log::NoteSigner::from_seed("hub.example/log", log::NoteKeyType::ed25519, contract::Bytes(32, 1))
        .value();
}

struct Log {
    ScratchFolder folder;
    std::vector<std::string> leaves;

    explicit Log(std::uint64_t size = kLeaves) {
        for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(start(i, static_cast<std::int64_t>(i)));
    }
    // Writes the tree over `leaves`, signed: what an honest hub would serve.
    void write() const {
        std::vector<merkle::FullTile> full;
        merkle::Tree tree([&full](std::uint8_t level, std::uint64_t n) -> contract::Bytes {
            for (const auto& tile : full) {
                if (tile.level == level && tile.n == n) return tile.hashes;
            }
            throw std::runtime_error("no such tile");
        });
        for (const std::string& leaf : leaves) {
            tree.append(log::leaf_hash(leaf));
            for (auto& tile : tree.take_completed()) full.push_back(std::move(tile));
        }
        for (const auto& tile : full) put(merkle::path(merkle::Tile{tile.level, tile.n}), tile.hashes);
        const merkle::Snapshot snapshot = tree.snapshot();
        for (const merkle::Tile& tile : merkle::tiles_of(tree.size())) {
            if (tile.width < merkle::kTileWidth) put(merkle::path(tile), snapshot.partial(tile).value());
            if (tile.level == 0) put_entries(tile);
        }
        (void)folder.write("checkpoint", checkpoint_at(tree, tree.size()));
        for (const std::uint64_t old : {std::uint64_t{0}, std::uint64_t{256}, number(tree.size())}) {
            if (old > number(tree.size())) continue;
            (void)folder.write("old." + std::to_string(old), checkpoint_at(tree, contract::TreeSize{old}));
        }
    }
    [[nodiscard]] Answer ask(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> call{"log", "--dir", folder / "", "--log-key", signer().key().vkey()};
        call.insert(call.end(), more.begin(), more.end());
        return samples::verify(call);
    }

private:
    static std::string checkpoint_at(merkle::Tree& tree, contract::TreeSize size) {
        return log::sign({signer().key().name(), size, tree.root_at(size)}, signer());
    }
    void put(const std::string& name, const contract::Bytes& bytes) const {
        (void)folder.write(name, contract::text_of(bytes));
    }
    void put_entries(const merkle::Tile& tile) const {
        std::vector<contract::Bytes> bundle;
        for (std::size_t i = 0; i < tile.width; ++i) {
            const std::string& leaf = leaves.at(tile.n * merkle::kTileWidth + i);
            bundle.emplace_back(leaf.begin(), leaf.end());
        }
        put(merkle::path(merkle::EntryBundle{tile.n, tile.width}), merkle::write_bundle(bundle));
    }
};

void refused(const Answer& answer, const std::string& reason) {
    CHECK(answer.exit_code == 1);
    CHECK(answer.out.starts_with("REFUSED: " + reason + "\n"));
}

// Where entry i of its bundle stands, in bytes.
std::size_t offset_of(const Log& log, std::uint64_t index) {
    std::size_t at = 2;
    for (std::uint64_t i = index / 256 * 256; i < index; ++i) at += 2 + log.leaves.at(i).size();
    return at;
}

}  // namespace

TEST_CASE("A whole and honest copy holds") {
    Log log;
    log.write();
    const Answer answer = log.ask({"--json"});
    REQUIRE(answer.exit_code == 0);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["origin"] == "hub.example/log");
    CHECK(json["size"] == 300);
    CHECK(json["first"] == "2026-11-21T07:15:00.000Z");
    CHECK(json["last"] == "2026-11-21T07:19:59.000Z");
    CHECK(json["statements"] == 0);
}

TEST_CASE("Copies of every small size hold and the empty one too") {
    const std::uint64_t size = GENERATE(0U, 1U, 2U, 255U, 256U, 257U);
    Log log(size);
    log.write();
    CHECK(log.ask().out.starts_with("HOLDS: all " + std::to_string(size) + " entries of hub.example/log"));
}

TEST_CASE("One changed byte of an entry names the entry") {
    Log log;
    log.write();
    for (const std::uint64_t index : {0U, 255U, 256U, 299U}) {
        const std::string bundle = index < 256 ? "tile/entries/000" : "tile/entries/001.p/44";
        const std::size_t at = offset_of(log, index) + 20;
        log.folder.flip(bundle, at);
        const Answer answer = log.ask();
        refused(answer, "entry " + std::to_string(index) + " is not the one that was logged");
        CHECK(answer.out.find("\nentry: " + std::to_string(index) + "\n") != std::string::npos);
        log.folder.flip(bundle, at);
    }
    CHECK(log.ask().exit_code == 0);
}

TEST_CASE("One changed byte of a tile names the tile") {
    Log log;
    log.write();
    for (const std::string tile : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"}) {
        log.folder.flip(tile, 30);
        refused(log.ask(), tile + " is not what the entries under it hash to");
        log.folder.flip(tile, 30);
    }
    CHECK(log.ask().exit_code == 0);
}

TEST_CASE("One changed byte of a length in a bundle names the bundle") {
    Log log;
    log.write();
    log.folder.flip("tile/entries/000", 1);
    refused(log.ask(), "tile/entries/000 is missing or misshapen");
}

TEST_CASE("An entry and its tile changed together do not lead to the signed root") {
    Log log;
    log.write();
    log.folder.flip("tile/entries/000", offset_of(log, 44) + 20);
    log.folder.flip("tile/0/000", 44 * 32);
    refused(log.ask(), "entry 44 is not the one that tile/0/000 holds, and neither leads to the signed root");
}

TEST_CASE("A log rewritten from the first entry to the last does not lead to the signed root") {
    Log log;
    log.write();
    const std::string signed_before = log.folder.read("checkpoint");
    log.leaves.at(7) = start(70, 7);
    log.write();
    (void)log.folder.write("checkpoint", signed_before);
    refused(log.ask(), "the entries do not lead to the signed root: the log was rewritten");
}

TEST_CASE("A changed byte of the checkpoint is refused") {
    Log log(3);
    log.write();
    log.folder.flip("checkpoint", std::string("hub.example/log\n3\nA").size());
    refused(log.ask(), "a signature of a known key does not hold");
}

TEST_CASE("A missing file is named") {
    Log log;
    log.write();
    for (const std::string file : {"tile/entries/000", "tile/0/000", "tile/1/000.p/1"}) {
        const std::string bytes = log.folder.read(file);
        std::filesystem::remove(log.folder / file);
        refused(log.ask(), file + " is missing or misshapen");
        (void)log.folder.write(file, bytes);
    }
    CHECK(log.ask().exit_code == 0);
}

TEST_CASE("A partial piece may have given way to the full one") {
    Log grown(256);
    grown.write();
    Log log(200);
    log.write();
    for (const std::string kind : {"tile/0/000", "tile/entries/000"}) {
        std::filesystem::remove_all(log.folder / (kind + ".p"));
        (void)log.folder.write(kind, grown.folder.read(kind));
    }
    CHECK(log.ask().exit_code == 0);
}

TEST_CASE("An older checkpoint must be a beginning of the log") {
    Log log;
    log.write();
    for (const std::string old : {"old.0", "old.256", "old.300"}) {
        CHECK(log.ask({"--old", log.folder / old}).exit_code == 0);
    }
    refused(log.ask({"--old", log.folder.write("cut", log.folder.read("old.256").substr(0, 40))}),
            "the older checkpoint: the signed note is malformed");
}

TEST_CASE("A log that was signed anew over a rewritten past is caught by an older checkpoint") {
    Log log;
    log.write();
    const std::string old = log.folder.write("seen", log.folder.read("old.256"));
    log.leaves.at(255) = start(2550, 255);
    log.write();
    CHECK(log.ask().exit_code == 0);
    refused(log.ask({"--old", old}),
            "the older checkpoint is no beginning of this log: the first 256 entries were rewritten");
}

TEST_CASE("A log that was cut short is caught by an older checkpoint") {
    Log log;
    log.write();
    const std::string old = log.folder.write("seen", log.folder.read("old.300"));
    log.leaves.resize(30);
    log.write();
    refused(log.ask({"--old", old}), "the older checkpoint is of 300 entries, this one of 30");
}

TEST_CASE("An entry whose time is before that of the one in front of it is refused") {
    Log log(50);
    SECTION("the same millisecond is in order") {
        log.leaves.at(40) = start(40, 39);
        log.write();
        CHECK(log.ask().exit_code == 0);
    }
    SECTION("a second earlier is not") {
        log.leaves.at(40) = start(40, 38);
        log.write();
        refused(log.ask(), "entry 40: its time is before that of the entry in front of it");
    }
}

TEST_CASE("An entry that may not follow those in front of it is refused") {
    Log log(10);
    log::Record release;
    release.at = contract::Instant{std::chrono::milliseconds{1'795'245'300'000 + 5'000}};
    release.event = log::RecordEvent::released;
    release.decision = log::Decision::permit;
    log.leaves.at(5) = log::leaf_text(std::nullopt, release).value();
    log.write();
    refused(log.ask(), "entry 5: it releases a statement that no entry before it accepted");
    CHECK(log.ask().out.find("\nentry: 5\n") != std::string::npos);
}

TEST_CASE("An entry that is signed but is no leaf is refused") {
    Log log(10);
    log.leaves.at(5) = "entry 5";
    log.write();
    refused(log.ask(), "entry 5: the leaf is not two lines, a statement or '-' and a record");
}

TEST_CASE("Tiles of another log's making are read by the same rules") {
    const std::string vkey = samples::vectors()["keys"]["log"]["vkey"];
    const Answer answer = samples::verify({"log", "--dir", samples::path(""), "--log-key", vkey});
    refused(answer, "entry 0: the leaf is not two lines, a statement or '-' and a record");
}

TEST_CASE("What cannot be asked of a log is a usage error") {
    Log log(1);
    log.write();
    CHECK(samples::verify({"log"}).exit_code == 2);
    CHECK(log.ask({"--old", "no-such-file"}).exit_code == 2);
    CHECK(samples::verify({"log", "--dir", "no-such-folder", "--log-key", signer().key().vkey()}).exit_code ==
          2);
    CHECK(samples::verify({"log", "--dir", log.folder / "", "--log-key", "no key"}).exit_code == 2);
}
