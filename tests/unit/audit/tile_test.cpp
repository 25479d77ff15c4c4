// A tile has one path and one content, and together the tiles are the tree.
// Method: the samples' log of 300 leaves; each case bends one path, one byte or one width.
#include "audit/merkle/tile.h"

#include <catch2/catch.hpp>

#include "samples.h"

using namespace kesher;
using namespace kesher::merkle;
using contract::Bytes;
using contract::Digest;
using contract::TreeSize;

namespace {

Bytes sample_tile(const Tile& tile) {
    const std::string text = samples::tlog(path(tile));
    return Bytes(text.begin(), text.end());
}

}  // namespace

TEST_CASE("A tile's number is written in groups of three digits") {
    for (const auto& [n, text] : samples::vectors()["tile_index_encoding"].items()) {
        const Tile tile{0, std::stoull(n), kTileWidth};
        CHECK(path(tile) == "tile/0/" + text.get<std::string>());
        CHECK(parse_tile_path(path(tile)) == tile);
    }
    CHECK(path(Tile{1, 0, 1}) == "tile/1/000.p/1");
    CHECK(path(Tile{0, 1234067, 255}) == "tile/0/x001/x234/067.p/255");
    CHECK(path(EntryBundle{1, 44}) == "tile/entries/001.p/44");
    CHECK(path(EntryBundle{1000, kTileWidth}) == "tile/entries/x001/000");
}

TEST_CASE("Both edges of level and number and width are read back") {
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    for (const Tile& tile :
         {Tile{0, 0, 1}, Tile{7, 0, 255}, Tile{7, 0, 256}, Tile{0, most, 256}, Tile{3, 999, 17}}) {
        CAPTURE(path(tile));
        CHECK(parse_tile_path(path(tile)) == tile);
    }
    CHECK(parse_bundle_path("tile/entries/x999/999.p/255") == EntryBundle{999'999, 255});
}

TEST_CASE("Any other spelling of a tile's path is refused") {
    for (const char* text : {"",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "tile/0/0",
                             "tile/0/00",
                             "tile/0/0000",
                             "tile/00/000",
                             "tile/8/000",
                             "tile/-1/000",
                             "tile/+0/000",
                             "tile/0/x000/000",
                             "tile/0/001/000",
                             "tile/0/x001/x000",
                             "tile/0/x1/000",
                             "tile/0/000.p/0",
                             "tile/0/000.p/256",
                             "tile/0/000.p/01",
                             "tile/0/000.p/",
                             "tile/0/000.p",
                             "tile/0/000.p/1/",
                             "tile/0/000/",
                             "/tile/0/000",
                             "tile//000",
                             "tile/0/../000",
                             "tile/0/000?x",
                             "tile/0/000.p/1.p/1",
                             "tile/256/000",
                             "tile/0/x018/x446/x744/x073/x709/x551/616",
                             "tile/entries/000",
                             "tile/x/000"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_tile_path(text));
    }
    for (const char* text :
         {"tile/entries/", "tile/entries/0", "tile/0/000", "tile/entries/000.p/256", "tile/entries/000/"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_bundle_path(text));
    }
}

TEST_CASE("A partial tile is as wide as the size leaves it") {
    CHECK(tile_width(0, 0, TreeSize{0}) == 0);
    CHECK(tile_width(0, 0, TreeSize{1}) == 1);
    CHECK(tile_width(0, 0, TreeSize{255}) == 255);
    CHECK(tile_width(0, 0, TreeSize{256}) == 256);
    CHECK(tile_width(0, 1, TreeSize{256}) == 0);
    CHECK(tile_width(0, 1, TreeSize{300}) == 44);
    CHECK(tile_width(1, 0, TreeSize{255}) == 0);
    CHECK(tile_width(1, 0, TreeSize{300}) == 1);
    CHECK(tile_width(1, 0, TreeSize{65'536}) == 256);
    CHECK(tile_width(2, 0, TreeSize{65'535}) == 0);
    CHECK(tile_width(2, 0, TreeSize{65'536}) == 1);
    CHECK(tile_width(8, 0, TreeSize{std::numeric_limits<std::uint64_t>::max()}) == 0);
    CHECK(tile_width(0, std::numeric_limits<std::uint64_t>::max(), TreeSize{300}) == 0);
}

TEST_CASE("Growth completes a tile exactly when its last hash comes") {
    CHECK(completed_tiles(TreeSize{0}, TreeSize{255}).empty());
    CHECK(completed_tiles(TreeSize{255}, TreeSize{256}) == std::vector{Tile{0, 0, 256}});
    CHECK(completed_tiles(TreeSize{256}, TreeSize{511}).empty());
    CHECK(completed_tiles(TreeSize{300}, TreeSize{800}) == std::vector{Tile{0, 1, 256}, Tile{0, 2, 256}});
    CHECK(completed_tiles(TreeSize{65'535}, TreeSize{65'536}) ==
          std::vector{Tile{0, 255, 256}, Tile{1, 0, 256}});
    CHECK(tiles_of(TreeSize{300}) == std::vector{Tile{0, 0, 256}, Tile{0, 1, 44}, Tile{1, 0, 1}});
    CHECK(tiles_of(TreeSize{0}).empty());
}

TEST_CASE("The samples' tiles hold the samples' tree") {
    const auto nodes = reader_over(TreeSize{300}, &sample_tile);
    CHECK(contract::base64(root_at(TreeSize{300}, nodes).view()) ==
          "yjk9Apa+xeC43KuYO9H7fRRh9RLnJny4ljGtJv1m2Eg=");
    CHECK(prove_consistency(TreeSize{257}, TreeSize{300}, nodes) ==
          samples::hashes_of_lines(samples::tlog("consistency.257-300.txt")));
    CHECK(root_at(TreeSize{8}, nodes) == samples::root_by_definition(samples::entry_hashes(8)));
    for (const auto& [name, digest] : samples::vectors()["tiles_sha256"].items()) {
        CHECK(contract::hex(sha256(contract::bytes_of(samples::tlog(name))).view()) ==
              digest.get<std::string>());
    }
    CHECK_FALSE(first_broken_tile(TreeSize{300}, &sample_tile));
}

TEST_CASE("One changed byte in a full tile or in the hash above it is found") {
    Tile bent{};
    const TileSource tiles = [&bent](const Tile& tile) {
        Bytes bytes = sample_tile(tile);
        if (tile.level == bent.level && tile.n == bent.n) bytes[17] ^= 0x20U;
        return bytes;
    };
    bent = Tile{0, 0, 256};
    CHECK(first_broken_tile(TreeSize{300}, tiles) == Tile{0, 0, 256});
    bent = Tile{1, 0, 1};
    CHECK(first_broken_tile(TreeSize{300}, tiles) == Tile{0, 0, 256});
    // What no full tile holds is judged by the root.
    bent = Tile{0, 1, 44};
    CHECK_FALSE(first_broken_tile(TreeSize{300}, tiles));
    CHECK(root_at(TreeSize{300}, reader_over(TreeSize{300}, tiles)) !=
          root_at(TreeSize{300}, reader_over(TreeSize{300}, &sample_tile)));
}

TEST_CASE("A tile that is shorter or longer than asked is not read") {
    for (const int change : {-32, -1, 1, 32}) {
        const auto nodes = reader_over(TreeSize{300}, [change](const Tile& tile) {
            Bytes bytes = sample_tile(tile);
            bytes.resize(static_cast<std::size_t>(static_cast<int>(bytes.size()) + change));
            return bytes;
        });
        CAPTURE(change);
        CHECK_THROWS_AS(root_at(TreeSize{300}, nodes), std::runtime_error);
    }
}

TEST_CASE("Entry bundles hold the leaves with their lengths") {
    const std::string full = samples::tlog("tile/entries/000");
    const auto leaves = parse_bundle(contract::bytes_of(full), 256);
    REQUIRE(leaves);
    CHECK(contract::text_of((*leaves)[0]) == "entry 0");
    CHECK(contract::text_of((*leaves)[255]) == "entry 255");
    CHECK(contract::text_of(write_bundle(*leaves)) == full);
    CHECK_FALSE(parse_bundle(contract::bytes_of(full), 255));
    CHECK_FALSE(parse_bundle(contract::bytes_of(full), 257));
    CHECK_FALSE(parse_bundle(contract::bytes_of(full).first(full.size() - 1), 256));
    CHECK(parse_bundle({}, 0)->empty());
    CHECK_FALSE(parse_bundle(contract::bytes_of("\x01"), 1));
}

TEST_CASE("A leaf of 65535 bytes fits a bundle and one more byte does not") {
    const Bytes largest(65'535, 'x');
    CHECK(parse_bundle(write_bundle({largest}), 1)->front() == largest);
    CHECK_THROWS_AS(write_bundle({Bytes(65'536, 'x')}), std::invalid_argument);
}
