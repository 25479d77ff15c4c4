#include "audit/merkle/tree.h"

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <stdexcept>
#include <utility>

namespace kesher::merkle {
namespace {

using contract::Bytes;
using contract::Digest;
using contract::LeafIndex;
using contract::number;
using contract::TreeSize;

using Key = std::pair<std::uint8_t, std::uint64_t>;  // level, n

std::uint64_t full_tiles(std::uint8_t level, std::uint64_t size) {
    return level + 1U < kTileLevels ? size >> (kTileHeight * (level + 1U)) : 0;
}

TileNodes load(const TileLoader& loader, std::uint8_t level, std::uint64_t n) {
    auto nodes = TileNodes::from(loader(level, n));
    if (!nodes || nodes->width() != kTileWidth) {
        throw std::runtime_error(path(Tile{level, n, kTileWidth}) + " is not 8192 bytes");
    }
    return std::move(*nodes);
}

// Full tiles by how lately they were used; the one unused for longest makes room.
class TileCache {
public:
    explicit TileCache(std::size_t most) : most_(std::max<std::size_t>(most, 1)) {}

    const TileNodes* find(const Key& key) {
        const auto found = at_.find(key);
        if (found == at_.end()) return nullptr;
        used_.splice(used_.begin(), used_, found->second);
        return &used_.front().second;
    }
    const TileNodes& put(const Key& key, TileNodes nodes) {
        if (const TileNodes* kept = find(key)) return *kept;
        used_.emplace_front(key, std::move(nodes));
        at_[key] = used_.begin();
        if (used_.size() > most_) {
            at_.erase(used_.back().first);
            used_.pop_back();
        }
        return used_.front().second;
    }

private:
    std::size_t most_;
    std::list<std::pair<Key, TileNodes>> used_;
    std::map<Key, std::list<std::pair<Key, TileNodes>>::iterator> at_;
};

}  // namespace

struct Tree::State {
    State(TileLoader tile_loader, std::size_t cached_tiles)
        : loader(std::move(tile_loader)), cache(cached_tiles) {}

    TileLoader loader;
    TileCache cache;
    std::uint64_t size = 0;
    std::array<TileNodes, kTileLevels> partial;
    std::vector<Key> order;           // of the tiles in `fresh`
    std::map<Key, TileNodes> fresh;   // completed, not yet handed out to be stored
    std::map<Key, TileNodes> handed;  // handed out: perhaps not committed yet

    void append(const Digest& leaf_hash) {
        Digest hash = leaf_hash;
        for (std::uint8_t level = 0; level < kTileLevels; ++level) {
            partial[level].append(hash);
            if (partial[level].width() < kTileWidth) break;
            // A tile just filled: its root is one more hash of the level above.
            hash = partial[level].at(kTileHeight, 0);
            const Key key{level, full_tiles(level, size + 1) - 1};
            fresh.emplace(key, std::exchange(partial[level], TileNodes{}));
            order.push_back(key);
        }
        ++size;
    }

    const TileNodes& tile(std::uint8_t level, std::uint64_t n) {
        if (n == full_tiles(level, size)) return partial[level];
        const Key key{level, n};
        if (const auto found = fresh.find(key); found != fresh.end()) return found->second;
        if (const auto found = handed.find(key); found != handed.end()) return found->second;
        if (const TileNodes* kept = cache.find(key)) return *kept;
        return cache.put(key, load(loader, level, n));
    }

    Digest node(Node node) {
        const auto level = static_cast<std::uint8_t>(node.level / kTileHeight);
        const unsigned height = node.level % kTileHeight;
        const std::uint64_t n = node.index >> (kTileHeight - height);
        return tile(level, n).at(height, node.index - (n << (kTileHeight - height)));
    }

    NodeReader reader_at(TreeSize asked) {
        if (number(asked) > size) throw std::out_of_range("the tree is not that large");
        return [this](Node wanted) { return node(wanted); };
    }
};

Tree::Tree(TileLoader loader, std::size_t cached_tiles)
    : state_(std::make_unique<State>(std::move(loader), cached_tiles)) {}
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;
Tree::~Tree() = default;

Tree Tree::restore(TreeSize size, std::span<const Digest> tail, TileLoader loader, std::size_t cached_tiles) {
    Tree tree(std::move(loader), cached_tiles);
    State& state = *tree.state_;
    state.size = number(size);
    if (tail.size() != state.size % kTileWidth)
        throw std::invalid_argument("the tail is not what the tiles leave over");
    for (const Digest& leaf_hash : tail) state.partial[0].append(leaf_hash);
    for (std::uint8_t level = 1; level < kTileLevels; ++level) {
        const std::uint64_t below_end = full_tiles(static_cast<std::uint8_t>(level - 1), state.size);
        for (std::uint64_t n = full_tiles(level, state.size) * kTileWidth; n < below_end; ++n) {
            const auto below = static_cast<std::uint8_t>(level - 1);
            const TileNodes& tile = state.cache.put({below, n}, load(state.loader, below, n));
            state.partial[level].append(tile.at(kTileHeight, 0));
        }
    }
    return tree;
}

LeafIndex Tree::append(const Digest& leaf_hash) {
    const LeafIndex index{state_->size};
    state_->append(leaf_hash);
    return index;
}

TreeSize Tree::size() const { return TreeSize{state_->size}; }

Digest Tree::root() const { return merkle::root_at(size(), state_->reader_at(size())); }

std::vector<FullTile> Tree::take_completed() {
    for (auto& [key, nodes] : state_->handed) state_->cache.put(key, std::move(nodes));
    state_->handed = std::exchange(state_->fresh, {});
    std::vector<FullTile> tiles;
    for (const Key& key : std::exchange(state_->order, {})) {
        tiles.push_back(FullTile{key.first, key.second, state_->handed.at(key).bytes(kTileWidth)});
    }
    return tiles;
}

Hashes Tree::prove_inclusion(LeafIndex index, TreeSize size) {
    return merkle::prove_inclusion(index, size, state_->reader_at(size));
}

Hashes Tree::prove_consistency(TreeSize old, TreeSize now) {
    return merkle::prove_consistency(old, now, state_->reader_at(now));
}

Digest Tree::root_at(TreeSize size) { return merkle::root_at(size, state_->reader_at(size)); }

Snapshot Tree::snapshot() const {
    Snapshot snapshot;
    snapshot.size_ = size();
    for (const TileNodes& partial : state_->partial)
        snapshot.levels_.push_back(partial.bytes(partial.width()));
    return snapshot;
}

std::optional<Bytes> Snapshot::partial(const Tile& tile) const {
    if (tile.level >= levels_.size() || tile.n != full_tiles(tile.level, number(size_))) return std::nullopt;
    const Bytes& hashes = levels_[tile.level];
    const std::size_t asked = std::size_t{tile.width} * (kFullTileBytes / kTileWidth);
    if (asked == 0 || asked > hashes.size()) return std::nullopt;
    return Bytes(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(asked));
}

TileSource tiles_of(Snapshot snapshot, TileLoader loader) {
    return [snapshot = std::move(snapshot), loader = std::move(loader)](const Tile& tile) {
        if (auto partial = snapshot.partial(tile)) return std::move(*partial);
        if (tile.width != kTileWidth) throw std::runtime_error(path(tile) + " is not of this tree");
        return loader(tile.level, tile.n);
    };
}

}  // namespace kesher::merkle
