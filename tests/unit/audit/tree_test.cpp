// The writer's tree gives the same answers as the definition, out of bounded memory.
// Method: a tree grows in batches beside a store that gets its full tiles after each batch, as the
// sequencer does; answers are compared with the checkers of proof.h, which know nothing of tiles.
#include "audit/merkle/tree.h"

#include <catch2/catch.hpp>
#include <map>

#include "audit/merkle/right_edge.h"
#include "samples.h"

using namespace kesher;
using namespace kesher::merkle;
using contract::Bytes;
using contract::Digest;
using contract::LeafIndex;
using contract::number;
using contract::TreeSize;

namespace {

struct Store {
    std::map<std::pair<unsigned, std::uint64_t>, Bytes> tiles;
    unsigned loads = 0;

    TileLoader loader() {
        return [this](std::uint8_t level, std::uint64_t n) {
            ++loads;
            const auto found = tiles.find({level, n});
            if (found == tiles.end()) throw std::runtime_error("no such tile is stored");
            return found->second;
        };
    }
    void commit(const std::vector<FullTile>& completed) {
        for (const FullTile& tile : completed) tiles[{tile.level, tile.n}] = tile.hashes;
    }
};

// Leaf i is the hash of the number i: quick to make in tens of thousands.
Digest numbered(std::uint64_t i) {
    Digest digest;
    for (std::size_t byte = 0; byte < 8; ++byte)
        digest.bytes[byte] = static_cast<std::uint8_t>(i >> (8 * byte));
    return digest;
}

void grow(Tree& tree, Store& store, std::uint64_t size, std::uint64_t batch = 1'000) {
    while (number(tree.size()) < size) {
        const std::uint64_t end = std::min(size, number(tree.size()) + batch);
        while (number(tree.size()) < end) tree.append(numbered(number(tree.size())));
        store.commit(tree.take_completed());
    }
}

bool proves(Tree& tree, std::uint64_t index, std::uint64_t size) {
    const auto proof = tree.prove_inclusion(LeafIndex{index}, TreeSize{size});
    return is_included(numbered(index), LeafIndex{index}, TreeSize{size}, proof,
                       tree.root_at(TreeSize{size}));
}

Tree restored(Store& store, std::uint64_t size) {
    Hashes tail;
    for (std::uint64_t i = size - size % kTileWidth; i < size; ++i) tail.push_back(numbered(i));
    return Tree::restore(TreeSize{size}, tail, store.loader(), 2);
}

}  // namespace

TEST_CASE("A tree has the root of the definition at every size up to 600") {
    Store store;
    Tree tree(store.loader());
    RightEdge edge;
    CHECK(tree.root() == empty_root());
    for (std::uint64_t i = 0; i < 600; ++i) {
        CHECK(tree.append(numbered(i)) == LeafIndex{i});
        edge.append(numbered(i));
        REQUIRE(tree.root() == edge.root());
    }
}

TEST_CASE("Completed tiles are handed out once and hold the leaves") {
    Store store;
    Tree tree(store.loader());
    for (std::uint64_t i = 0; i < 600; ++i) tree.append(numbered(i));
    const auto tiles = tree.take_completed();
    REQUIRE(tiles.size() == 2);
    CHECK(tiles[1].level == 0);
    CHECK(tiles[1].n == 1);
    REQUIRE(tiles[1].hashes.size() == kFullTileBytes);
    CHECK(Digest::from(contract::ByteView(tiles[1].hashes).first(32)) == numbered(256));
    CHECK(tree.take_completed().empty());
}

TEST_CASE("Proofs of a batch ask no store before its tiles are committed") {
    Store store;
    Tree tree(store.loader(), 1);
    for (std::uint64_t i = 0; i < 2'000; ++i) tree.append(numbered(i));
    const auto not_yet_stored = tree.take_completed();
    CHECK(not_yet_stored.size() == 7);
    for (const std::uint64_t index : {0U, 255U, 256U, 1'000U, 1'791U, 1'999U})
        CHECK(proves(tree, index, 2'000));
    CHECK(store.loads == 0);
}

TEST_CASE("A tree of 70000 leaves proves any leaf at any size with two cached tiles") {
    Store store;
    Tree tree(store.loader(), 2);
    RightEdge edge;
    for (std::uint64_t i = 0; i < 70'000; ++i) edge.append(numbered(i));
    grow(tree, store, 70'000);
    CHECK(tree.root() == edge.root());
    CHECK(store.tiles.size() == 273 + 1);  // 70,000 / 256 leaf tiles, one of level 1
    for (const auto& [index, size] : {std::pair{0U, 1U},
                                      {0U, 70'000U},
                                      {65'535U, 65'536U},
                                      {65'536U, 70'000U},
                                      {69'999U, 70'000U},
                                      {4'242U, 4'243U},
                                      {300U, 65'537U}}) {
        CAPTURE(index, size);
        CHECK(proves(tree, index, size));
    }
    for (const auto& [old, now] :
         {std::pair{1U, 70'000U}, {65'536U, 70'000U}, {65'535U, 65'537U}, {255U, 257U}}) {
        const auto proof = tree.prove_consistency(TreeSize{old}, TreeSize{now});
        CAPTURE(old, now);
        CHECK(is_consistent(TreeSize{old}, tree.root_at(TreeSize{old}), TreeSize{now},
                            tree.root_at(TreeSize{now}), proof));
    }
}

TEST_CASE("A tree restored from its tiles and tail goes on as if it had never stopped") {
    Store store;
    Tree tree(store.loader());
    grow(tree, store, 66'300);
    for (const std::uint64_t size : {0U, 1U, 255U, 256U, 257U, 65'535U, 65'536U, 66'000U}) {
        CAPTURE(size);
        Tree again = restored(store, size);
        REQUIRE(again.root() == tree.root_at(TreeSize{size}));
        grow(again, store, size + 300);
        CHECK(again.root() == tree.root_at(TreeSize{size + 300}));
        CHECK(proves(again, size, size + 300));
    }
}

TEST_CASE("A tail of another length than the tiles leave over is no tree") {
    Store store;
    const Hashes tail(44, numbered(1));
    CHECK_THROWS_AS(Tree::restore(TreeSize{43}, tail, store.loader()), std::invalid_argument);
    CHECK_THROWS_AS(Tree::restore(TreeSize{45}, tail, store.loader()), std::invalid_argument);
    CHECK_NOTHROW(Tree::restore(TreeSize{44}, tail, store.loader()));
}

TEST_CASE("A stored tile that is missing or short is a broken world") {
    Store store;
    Tree tree(store.loader());
    grow(tree, store, 700);
    store.tiles[{0, 1}].pop_back();
    CHECK_THROWS_AS(restored(store, 700), std::runtime_error);
    store.tiles.erase({0, 1});
    CHECK_THROWS_AS(restored(store, 700), std::runtime_error);
}

TEST_CASE("A changed stored tile changes the restored root") {
    Store store;
    Tree tree(store.loader());
    grow(tree, store, 700);
    store.tiles[{0, 1}][100] ^= 1U;
    CHECK(restored(store, 700).root() != tree.root());
}

TEST_CASE("Nothing is proved beyond the tree") {
    Store store;
    Tree tree(store.loader());
    grow(tree, store, 10);
    CHECK_THROWS_AS(tree.prove_inclusion(LeafIndex{3}, TreeSize{11}), std::out_of_range);
    CHECK_THROWS_AS(tree.prove_inclusion(LeafIndex{10}, TreeSize{10}), std::out_of_range);
    CHECK_THROWS_AS(tree.prove_consistency(TreeSize{3}, TreeSize{11}), std::out_of_range);
    CHECK_THROWS_AS(tree.root_at(TreeSize{11}), std::out_of_range);
}

TEST_CASE("A snapshot serves partial tiles of its size and narrower while the tree goes on") {
    Store store;
    Tree tree(store.loader());
    grow(tree, store, 300);
    const Snapshot snapshot = tree.snapshot();
    const Digest root = tree.root();
    grow(tree, store, 900);
    CHECK(snapshot.size() == TreeSize{300});
    REQUIRE(snapshot.partial(Tile{0, 1, 44}));
    CHECK(snapshot.partial(Tile{0, 1, 44})->size() == 44 * 32);
    CHECK(snapshot.partial(Tile{0, 1, 43})->size() == 43 * 32);
    CHECK(snapshot.partial(Tile{1, 0, 1})->size() == 32);
    CHECK_FALSE(snapshot.partial(Tile{0, 1, 45}));
    CHECK_FALSE(snapshot.partial(Tile{0, 0, 44}));
    CHECK_FALSE(snapshot.partial(Tile{0, 2, 1}));
    CHECK_FALSE(snapshot.partial(Tile{1, 0, 2}));
    CHECK_FALSE(snapshot.partial(Tile{2, 0, 1}));
    CHECK(root_at(TreeSize{300}, reader_over(TreeSize{300}, tile_source(snapshot, store.loader()))) == root);
}
