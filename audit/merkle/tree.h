// The tree as its one writer holds it: what no full tile holds yet, the tiles just completed, and a
// bounded cache of older full tiles behind a loader.
//
// Memory: at most 8 partial tiles, the tiles completed since take_completed(), and `cached_tiles`
// full ones (16 KiB each with their inner nodes). One thread only: the sequencer's. Others read
// through a Snapshot, which is a value. After any doubt about a commit the tree is thrown away and
// restored from what is stored; there is no way back inside.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audit/merkle/proof.h"
#include "audit/merkle/tile.h"

namespace kesher::merkle {

// The 8192 bytes of a stored full tile. Throws where it is missing: that is a broken world.
using TileLoader = std::function<contract::Bytes(std::uint8_t level, std::uint64_t n)>;

struct FullTile {
    std::uint8_t level = 0;
    std::uint64_t n = 0;
    contract::Bytes hashes;  // 8192 bytes, as stored and as served
};

// The partial tiles at one size: with the stored full tiles, every hash of the tree.
class Snapshot {
public:
    [[nodiscard]] contract::TreeSize size() const { return size_; }
    // A partial tile of this size or narrower (immutable, so older widths stay true); none else.
    [[nodiscard]] std::optional<contract::Bytes> partial(const Tile& tile) const;

private:
    friend class Tree;
    contract::TreeSize size_{};
    std::vector<contract::Bytes> levels_;
};

class Tree {
public:
    static constexpr std::size_t kCachedTilesDefault = 1'024;  // 16 MiB

    explicit Tree(TileLoader loader, std::size_t cached_tiles = kCachedTilesDefault);  // empty
    // tail: the size % 256 leaf hashes after the last full level 0 tile. Reads the full tiles that
    // the right edge stands on (at most 255 a level). std::invalid_argument for a tail of other length.
    [[nodiscard]] static Tree restore(contract::TreeSize size, std::span<const contract::Digest> tail,
                                      TileLoader loader, std::size_t cached_tiles = kCachedTilesDefault);
    Tree(Tree&&) noexcept;
    Tree& operator=(Tree&&) noexcept;
    ~Tree();

    contract::LeafIndex append(const contract::Digest& leaf_hash);  // the index it got
    [[nodiscard]] contract::TreeSize size() const;
    [[nodiscard]] contract::Digest root() const;
    // Full tiles completed since the last call, in the order of completion: they belong in the same
    // transaction as their leaves. They stay in memory until the next call, so proofs never ask the
    // loader for a tile whose commit is under way.
    [[nodiscard]] std::vector<FullTile> take_completed();

    // At any size up to size(): recent ones from memory, older ones through the loader.
    [[nodiscard]] Hashes prove_inclusion(contract::LeafIndex index, contract::TreeSize size);
    [[nodiscard]] Hashes prove_consistency(contract::TreeSize old, contract::TreeSize now);
    [[nodiscard]] contract::Digest root_at(contract::TreeSize size);
    [[nodiscard]] Snapshot snapshot() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kesher::merkle
