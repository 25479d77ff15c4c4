// Tiles (C2SP tlog-tiles): the tree cut into pieces of 256 hashes, 8 levels each, so that a log is
// stored and served as files that never change.
//
// Tile level L holds the roots of the full tiles of level L - 1; level 0 holds leaf hashes. A full
// tile is 8192 bytes. A partial tile is what a size leaves over, and is never hashed upward.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/merkle/proof.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::merkle {

inline constexpr unsigned kTileWidth = 256;  // hashes, fixed by tlog-tiles
inline constexpr unsigned kTileHeight = 8;   // tree levels in a tile
inline constexpr unsigned kTileLevels = 8;   // 256^8 = 2^64 leaves
inline constexpr std::size_t kFullTileBytes = 8192;

struct Tile {
    std::uint8_t level = 0;  // 0 to 7 for hashes
    std::uint64_t n = 0;
    std::uint16_t width = kTileWidth;  // 1 to 256; 256 is the full tile
    friend auto operator<=>(const Tile&, const Tile&) = default;
};

// `tile/0/x001/x234/067`, `tile/1/000.p/5`. Parsing accepts only what path() writes.
[[nodiscard]] std::string path(const Tile& tile);
[[nodiscard]] std::optional<Tile> parse_tile_path(std::string_view path);

// `tile/entries/000`, `tile/entries/001.p/44`: the leaves under a level 0 tile.
struct EntryBundle {
    std::uint64_t n = 0;
    std::uint16_t width = kTileWidth;
    friend auto operator<=>(const EntryBundle&, const EntryBundle&) = default;
};
[[nodiscard]] std::string path(const EntryBundle& bundle);
[[nodiscard]] std::optional<EntryBundle> parse_bundle_path(std::string_view path);
// (u16 big-endian length || leaf)*. Writing needs leaves of at most 65,535 bytes.
[[nodiscard]] contract::Bytes write_bundle(const std::vector<contract::Bytes>& leaves);
[[nodiscard]] std::optional<std::vector<contract::Bytes>> parse_bundle(contract::ByteView bytes,
                                                                       unsigned width);

// How many hashes tile n of a level holds at a size: 0 (not there) to 256.
[[nodiscard]] unsigned tile_width(std::uint8_t level, std::uint64_t n, contract::TreeSize size);
// Every full tile that growth from old to now completes, lower levels first.
[[nodiscard]] std::vector<Tile> completed_tiles(contract::TreeSize old, contract::TreeSize now);
// Every tile, full and partial, that a tree of this size consists of, lower levels first.
[[nodiscard]] std::vector<Tile> tiles_of(contract::TreeSize size);

// A tile with all the nodes inside it, so that a proof costs no hashing.
class TileNodes {
public:
    // None unless the bytes are 1 to 256 hashes.
    [[nodiscard]] static std::optional<TileNodes> from(contract::ByteView hashes);
    void append(const contract::Digest& hash);  // needs width() < 256
    [[nodiscard]] unsigned width() const { return static_cast<unsigned>(levels_[0].size()); }
    // height 0 to 8, index within the tile; the node must be full (throws std::out_of_range).
    [[nodiscard]] const contract::Digest& at(unsigned height, std::uint64_t index) const;
    [[nodiscard]] contract::Bytes bytes(unsigned width) const;  // the first `width` hashes

private:
    std::array<std::vector<contract::Digest>, kTileHeight + 1> levels_;
};

// Bytes of a tile, as wide as asked; from a database, a folder or a far server. Throws what it must
// where the tile is not to be had.
using TileSource = std::function<contract::Bytes(const Tile&)>;

// Reads nodes of a tree of this size out of its tiles; std::runtime_error where a tile is misshapen.
[[nodiscard]] NodeReader reader_over(contract::TreeSize size, TileSource tiles);

// The first full tile that does not hash to what the level above holds for it (one of the two was
// changed), if any. Reads every tile; that the top of the tree is right is for root_at() to say.
[[nodiscard]] std::optional<Tile> first_broken_tile(contract::TreeSize size, const TileSource& tiles);

}  // namespace kesher::merkle
