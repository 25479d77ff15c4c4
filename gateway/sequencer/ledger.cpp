#include "gateway/sequencer/ledger.h"

#include <algorithm>

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "audit/merkle/hash.h"
#include "audit/merkle/right_edge.h"
#include "audit/merkle/tile.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

constexpr std::size_t kEntriesAtOnce = 4'096;

constexpr std::string_view kWayOut =
    " Nothing was changed. Restore the database from its backup. `kesherctl log recover` lays what the "
    "backup, the checkpoint file "
    "and the bodies' journals hold beside each other.";

[[noreturn]] void broken(std::string what) { throw LogBroken(what.append(kWayOut)); }

merkle::TileLoader tiles_of(store::Connection& connection) {
    return [&connection](std::uint8_t level, std::uint64_t n) {
        auto tile = store::log_tile(connection, level, n);
        if (!tile)
            broken("Tile " + std::to_string(n) + " of level " + std::to_string(level) + " is missing.");
        return std::move(tile->hashes);
    };
}

// Rebuilds every full tile from the entries and compares it with the stored one: restoring reads only the
// tiles of the right edge, and a changed one elsewhere would spoil proofs for years unseen.
class TileCheck {
public:
    explicit TileCheck(store::Connection& connection) : connection_(&connection) {}

    void append(const Digest& hash, std::uint8_t level = 0) {
        if (level == levels_.size()) levels_.emplace_back();
        levels_[level].hashes.push_back(hash);
        if (levels_[level].hashes.size() < merkle::kTileWidth) return;
        const Digest root = complete(level);
        if (level + 1U < merkle::kTileLevels) append(root, static_cast<std::uint8_t>(level + 1));
    }

private:
    struct Level {
        std::uint64_t n = 0;
        std::vector<Digest> hashes;
    };

    // The root of the tile that is full now; the next one begins.
    Digest complete(std::uint8_t level) {
        Level& full = levels_[level];
        const Bytes stored = tiles_of(*connection_)(level, full.n);
        merkle::RightEdge tile;
        for (std::size_t i = 0; i < full.hashes.size(); ++i) {
            const ByteView hash = full.hashes[i].view();
            if (!std::equal(hash.begin(), hash.end(),
                            stored.begin() + static_cast<std::ptrdiff_t>(i * hash.size()))) {
                differs(level, full.n, i);
            }
            tile.append(full.hashes[i]);
        }
        full = {full.n + 1, {}};
        return tile.root();
    }

    [[noreturn]] static void differs(std::uint8_t level, std::uint64_t n, std::size_t i) {
        const std::uint64_t entry = (n * merkle::kTileWidth + i) << (merkle::kTileHeight * level);
        broken("Tile " + std::to_string(n) + " of level " + std::to_string(level) + " does not hold entry " +
               std::to_string(entry) + " as it was logged.");
    }

    store::Connection* connection_;
    std::vector<Level> levels_;
};

// The hash of every stored entry is computed from its bytes, never believed; so is every full tile.
merkle::RightEdge edge_of_entries(store::Connection& connection, TreeSize size,
                                  const std::function<void(const store::LogEntry&)>& take) {
    merkle::RightEdge edge;
    TileCheck tiles(connection);
    while (edge.size() < size) {
        const LeafIndex from{number(edge.size())};
        const auto entries = store::log_entries(connection, from, kEntriesAtOnce);
        if (entries.empty()) broken("Entry " + std::to_string(number(from)) + " is missing.");
        for (const store::LogEntry& entry : entries) {
            const std::uint64_t expected = number(edge.size());
            if (number(entry.index) != expected) broken("Entry " + std::to_string(expected) + " is missing.");
            if (merkle::leaf_hash(entry.data) != entry.leaf_hash) {
                broken("Entry " + std::to_string(expected) + " is not the one that was logged.");
            }
            edge.append(entry.leaf_hash);
            tiles.append(entry.leaf_hash);
            if (take) take(entry);
            if (edge.size() == size) break;
        }
    }
    return edge;
}

std::vector<Digest> tail_hashes(store::Connection& connection, TreeSize size) {
    const std::uint64_t first = number(size) / merkle::kTileWidth * merkle::kTileWidth;
    std::vector<Digest> tail;
    for (const store::LeafHash& leaf : store::leaf_hashes(connection, LeafIndex{first}, merkle::kTileWidth)) {
        if (number(leaf.index) != first + tail.size())
            broken("An entry after " + std::to_string(first) + " is missing.");
        tail.push_back(leaf.hash);
    }
    return tail;
}

Instant time_of_last(store::Connection& connection, TreeSize size) {
    if (number(size) == 0) return {};
    const LeafIndex last{number(size) - 1};
    const auto entry = store::log_entry(connection, last);
    if (!entry) broken("Entry " + std::to_string(number(last)) + " is missing.");
    const auto leaf = log::split_leaf(text_of(entry->data));
    if (!leaf) broken("Entry " + std::to_string(number(last)) + " is no leaf of this program.");
    const auto record = log::parse_record(leaf->record);
    if (!record) broken("Entry " + std::to_string(number(last)) + " is no leaf of this program.");
    return record->at;
}

}  // namespace

std::optional<log::Checkpoint> stored_checkpoint(store::Connection& connection, const log::NoteKey& key) {
    const auto stored = store::last_checkpoint(connection);
    if (!stored) return std::nullopt;
    const auto opened = log::open_checkpoint(stored->note, key);
    if (!opened) {
        broken("The last checkpoint (size " + std::to_string(number(stored->size)) +
               ") does not verify: " + std::string(log::text(opened.error())) + ".");
    }
    if (opened->checkpoint.size != stored->size) broken("A checkpoint stands at another size than it says.");
    return opened->checkpoint;
}

Ledger::Ledger(store::Connection& connection, const log::NoteSigner& signer, merkle::Tree tree)
    : connection_(&connection), signer_(&signer), tree_(std::move(tree)) {}

Ledger Ledger::open(store::Connection& connection, const log::NoteSigner& signer, bool whole,
                    const std::function<void(const store::LogEntry&)>& take) {
    const auto signed_head = stored_checkpoint(connection, signer.key());
    const TreeSize stored = store::stored_size(connection);
    const TreeSize size = signed_head ? signed_head->size : TreeSize{0};
    if (stored != size) {
        broken("The log holds " + std::to_string(number(stored)) +
               " entries, but the last checkpoint signs " + std::to_string(number(size)) + ".");
    }
    if (whole && signed_head && edge_of_entries(connection, size, take).root() != signed_head->root) {
        broken("The entries do not give the root that was signed.");
    }
    merkle::Tree tree =
        number(size) == 0 ? merkle::Tree(tiles_of(connection))
                          : merkle::Tree::restore(size, tail_hashes(connection, size), tiles_of(connection));
    if (signed_head && tree.root() != signed_head->root)
        broken("The tiles do not give the root that was signed.");
    Ledger ledger(connection, signer, std::move(tree));
    ledger.last_at_ = time_of_last(connection, size);
    return ledger;
}

bool Ledger::holds(const store::LogEntry& entry) {
    if (number(entry.index) >= number(tree_.size())) return false;
    const auto proof = tree_.prove_inclusion(entry.index, tree_.size());
    return merkle::is_included(merkle::leaf_hash(entry.data), entry.index, tree_.size(), proof, tree_.root());
}

LeafIndex Ledger::append(std::string text, Instant at) {
    last_at_ = at;
    const Digest hash = log::leaf_hash(text);
    const LeafIndex index = tree_.append(hash);
    const ByteView data = bytes_of(text);
    new_entries_.push_back({index, hash, Bytes(data.begin(), data.end())});
    return index;
}

void Ledger::seal(store::Pipeline& batch) {
    note_ = log::sign(log::Checkpoint{origin(), tree_.size(), tree_.root()}, *signer_);
    store::append_entries(batch, new_entries_);
    std::vector<store::LogTile> tiles;
    for (merkle::FullTile& tile : tree_.take_completed()) {
        tiles.push_back({tile.level, tile.n, std::move(tile.hashes)});
    }
    store::append_tiles(batch, tiles);
    store::append_checkpoint(batch, {tree_.size(), note_});
}

std::vector<Receipted> Ledger::take_receipts() {
    std::vector<Receipted> receipts;
    receipts.reserve(new_entries_.size());
    const TreeSize size = tree_.size();
    const Digest root = tree_.root();
    for (store::LogEntry& entry : new_entries_) {
        const auto proof = tree_.prove_inclusion(entry.index, size);
        // Computed from the bytes that are answered, so that what leaves is what was logged.
        const Digest hash = merkle::leaf_hash(entry.data);
        if (!merkle::is_included(hash, entry.index, size, proof, root)) {
            throw LogBroken("A receipt does not hold in memory.");
        }
        receipts.push_back({entry.index, std::string(text_of(entry.data)),
                            log::write(log::Receipt{std::nullopt, entry.index, proof, note_})});
    }
    new_entries_.clear();
    return receipts;
}

std::string Ledger::receipt_at(LeafIndex index, TreeSize size, const std::string& note) {
    return log::write(log::Receipt{std::nullopt, index, tree_.prove_inclusion(index, size), note});
}

std::optional<Receipted> Ledger::first_receipt(LeafIndex index) {
    const auto entry = store::log_entry(*connection_, index);
    const auto checkpoint = store::checkpoint_covering(*connection_, index);
    if (!entry || !checkpoint) return std::nullopt;
    const auto opened = log::open_checkpoint(checkpoint->note, signer_->key());
    if (!opened || opened->checkpoint.size != checkpoint->size ||
        opened->checkpoint.root != tree_.root_at(checkpoint->size)) {
        broken("The checkpoint of " + std::to_string(number(checkpoint->size)) +
               " entries is not the one that was signed.");
    }
    return Receipted{index, std::string(text_of(entry->data)),
                     receipt_at(index, checkpoint->size, checkpoint->note)};
}

}  // namespace kesher::sequencer
