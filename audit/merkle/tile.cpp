#include "audit/merkle/tile.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "audit/merkle/hash.h"

namespace kesher::merkle {
namespace {

using contract::Bytes;
using contract::ByteView;
using contract::Digest;
using contract::number;
using contract::TreeSize;

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kEntryBytesMax = 65'535;

// How many hashes a tile level holds in all at a size: size / 256^level.
std::uint64_t level_size(unsigned level, TreeSize size) {
    return level >= kTileLevels ? 0 : number(size) >> (kTileHeight * level);
}

}  // namespace

Bytes write_bundle(const std::vector<Bytes>& leaves) {
    Bytes bundle;
    for (const Bytes& leaf : leaves) {
        if (leaf.size() > kEntryBytesMax)
            throw std::invalid_argument("a leaf over 65,535 bytes has no bundle");
        bundle.push_back(static_cast<std::uint8_t>(leaf.size() >> 8U));
        bundle.push_back(static_cast<std::uint8_t>(leaf.size() & 0xFFU));
        bundle.insert(bundle.end(), leaf.begin(), leaf.end());
    }
    return bundle;
}

std::optional<std::vector<Bytes>> parse_bundle(ByteView bytes, unsigned width) {
    std::vector<Bytes> leaves;
    while (!bytes.empty()) {
        if (bytes.size() < 2) return std::nullopt;
        const std::size_t length = static_cast<std::size_t>(bytes[0]) << 8U | bytes[1];
        bytes = bytes.subspan(2);
        if (bytes.size() < length || leaves.size() == width) return std::nullopt;
        leaves.emplace_back(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
        bytes = bytes.subspan(length);
    }
    if (leaves.size() != width) return std::nullopt;
    return leaves;
}

unsigned tile_width(std::uint8_t level, std::uint64_t n, TreeSize size) {
    const std::uint64_t hashes = level_size(level, size);
    if (n > hashes / kTileWidth) return 0;
    return static_cast<unsigned>(std::min<std::uint64_t>(kTileWidth, hashes - n * kTileWidth));
}

std::vector<Tile> completed_tiles(TreeSize old, TreeSize now) {
    std::vector<Tile> tiles;
    for (std::uint8_t level = 0; level < kTileLevels; ++level) {
        const std::uint64_t end = level_size(level, now) / kTileWidth;
        for (std::uint64_t n = level_size(level, old) / kTileWidth; n < end; ++n) {
            tiles.push_back(Tile{level, n, kTileWidth});
        }
    }
    return tiles;
}

std::vector<Tile> tiles_of(TreeSize size) {
    std::vector<Tile> tiles;
    for (std::uint8_t level = 0; level_size(level, size) > 0; ++level) {
        for (std::uint64_t n = 0; tile_width(level, n, size) > 0; ++n) {
            tiles.push_back(Tile{level, n, static_cast<std::uint16_t>(tile_width(level, n, size))});
        }
    }
    return tiles;
}

std::optional<TileNodes> TileNodes::from(ByteView hashes) {
    if (hashes.empty() || hashes.size() % kHashBytes != 0 || hashes.size() > kFullTileBytes)
        return std::nullopt;
    TileNodes tile;
    for (; !hashes.empty(); hashes = hashes.subspan(kHashBytes)) {
        tile.append(*Digest::from(hashes.first(kHashBytes)));
    }
    return tile;
}

void TileNodes::append(const Digest& hash) {
    if (width() == kTileWidth) throw std::out_of_range("a full tile takes no more hashes");
    levels_[0].push_back(hash);
    for (unsigned height = 0; height < kTileHeight && levels_[height].size() % 2 == 0; ++height) {
        const auto& below = levels_[height];
        levels_[height + 1].push_back(node_hash(below[below.size() - 2], below.back()));
    }
}

const Digest& TileNodes::at(unsigned height, std::uint64_t index) const {
    return levels_.at(height).at(index);
}

Bytes TileNodes::bytes(unsigned width) const {
    Bytes bytes;
    bytes.reserve(width * kHashBytes);
    for (unsigned i = 0; i < width; ++i) {
        const auto& hash = levels_[0].at(i).bytes;
        bytes.insert(bytes.end(), hash.begin(), hash.end());
    }
    return bytes;
}

namespace {

// One tile kept per level: the nodes of a proof lie close together.
class TileReader {
public:
    TileReader(TreeSize size, TileSource tiles) : size_(size), tiles_(std::move(tiles)) {}

    const TileNodes& tile(std::uint8_t level, std::uint64_t n) {
        auto& kept = kept_.at(level);
        if (!kept || kept->first != n) {
            const unsigned width = tile_width(level, n, size_);
            const Tile wanted{level, n, static_cast<std::uint16_t>(width)};
            auto nodes = width == 0 ? std::nullopt : TileNodes::from(tiles_(wanted));
            if (!nodes || nodes->width() != width) throw std::runtime_error(path(wanted) + " is misshapen");
            kept.emplace(n, std::move(*nodes));
        }
        return kept->second;
    }

    Digest node(Node node) {
        const auto level = static_cast<std::uint8_t>(node.level / kTileHeight);
        const unsigned height = node.level % kTileHeight;
        const std::uint64_t n = node.index >> (kTileHeight - height);
        return tile(level, n).at(height, node.index - (n << (kTileHeight - height)));
    }

private:
    TreeSize size_;
    TileSource tiles_;
    std::array<std::optional<std::pair<std::uint64_t, TileNodes>>, kTileLevels> kept_;
};

}  // namespace

NodeReader reader_over(TreeSize size, TileSource tiles) {
    return [reader = std::make_shared<TileReader>(size, std::move(tiles))](Node node) {
        return reader->node(node);
    };
}

std::optional<Tile> first_broken_tile(TreeSize size, const TileSource& tiles) {
    TileReader reader(size, tiles);
    for (std::uint8_t level = 0; level + 1U < kTileLevels; ++level) {
        const std::uint64_t full = level_size(level, size) / kTileWidth;
        for (std::uint64_t n = 0; n < full; ++n) {
            const Digest& root = reader.tile(level, n).at(kTileHeight, 0);
            const auto above = static_cast<std::uint8_t>(level + 1);
            if (root != reader.tile(above, n / kTileWidth).at(0, n % kTileWidth)) {
                return Tile{level, n, kTileWidth};
            }
        }
    }
    return std::nullopt;
}

}  // namespace kesher::merkle
