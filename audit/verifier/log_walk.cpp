#include "audit/verifier/log_walk.h"

#include <algorithm>

#include "audit/log/leaf.h"
#include "audit/merkle/hash.h"

namespace kesher::verifier {

using contract::Bytes;
using contract::ByteView;
using contract::Digest;
using contract::TreeSize;
using merkle::kTileWidth;

void LogWalk::read_to(TreeSize size) {
    for (std::uint64_t i = number(edge_.size()); i < std::min(number(size), number(size_)) && !missing_;
         ++i) {
        const std::uint64_t n = i / kTileWidth;
        if (i % kTileWidth == 0) {
            const merkle::EntryBundle bundle{n, static_cast<std::uint16_t>(merkle::tile_width(0, n, size_))};
            auto leaves = folder_.entries(bundle);
            if (!leaves) {
                missing_ = merkle::path(bundle);
                return;
            }
            bundle_ = std::move(*leaves);
        }
        append(bundle_.at(i % kTileWidth));
    }
}

void LogWalk::finish() {
    for (std::uint8_t level = 0; level < merkle::kTileLevels && !missing_; ++level) {
        if (open_.at(level).width() > 0) compare(level);
    }
}

void LogWalk::append(ByteView leaf) {
    read_leaf(leaf, number(edge_.size()));
    const Digest hash = merkle::leaf_hash(leaf);
    edge_.append(hash);
    push(0, hash);
}

void LogWalk::read_leaf(ByteView bytes, std::uint64_t index) {
    if (fault_) return;
    const auto leaf = log::split_leaf(contract::text_of(bytes));
    if (!leaf) {
        fault_ = {index, std::string(text(leaf.error()))};
        return;
    }
    const auto record = log::parse_record(leaf->record);
    if (!record) {
        fault_ = {index, std::string(text(record.error()))};
        return;
    }
    if (last_at_ && record->at < *last_at_) {
        fault_ = {index, "its time is before that of the entry in front of it"};
        return;
    }
    if (auto why = order_.take(index, *leaf, *record)) {
        fault_ = {index, std::move(*why)};
        return;
    }
    if (!first_at_) first_at_ = record->at;
    last_at_ = record->at;
    if (leaf->statement) ++statements_;
}

void LogWalk::push(std::uint8_t level, const Digest& hash) {
    merkle::TileNodes& tile = open_.at(level);
    tile.append(hash);
    if (tile.width() < kTileWidth) return;
    const Digest root = tile.at(merkle::kTileHeight, 0);
    compare(level);
    tile = merkle::TileNodes{};
    ++numbers_.at(level);
    if (level + 1U < merkle::kTileLevels) push(static_cast<std::uint8_t>(level + 1), root);
}

void LogWalk::compare(std::uint8_t level) {
    const merkle::TileNodes& built = open_.at(level);
    const merkle::Tile tile{level, numbers_.at(level), static_cast<std::uint16_t>(built.width())};
    const auto stored = folder_.tile(tile);
    if (!stored) {
        if (!missing_) missing_ = merkle::path(tile);
        return;
    }
    const Bytes wanted = built.bytes(built.width());
    const auto [mine, other] = std::mismatch(wanted.begin(), wanted.end(), stored->begin());
    if (mine == wanted.end()) return;
    if (!other_tile_) other_tile_ = tile;
    if (level == 0 && !other_entry_) {
        const auto hash = static_cast<std::uint64_t>(mine - wanted.begin()) / sizeof(Digest::bytes);
        other_entry_ = tile.n * kTileWidth + hash;
    }
}

}  // namespace kesher::verifier
