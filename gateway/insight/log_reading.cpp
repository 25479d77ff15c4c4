#include "gateway/insight/log_reading.h"

#include <map>
#include <stdexcept>

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "audit/merkle/proof.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/stored_words.h"

namespace kesher::insight {
namespace {

using namespace contract;

// How many lines of witnesses are looked through for the first checkpoint that most of them signed.
constexpr std::size_t kLinesLooked = 256;

void add(Bytes& bytes, const Digest& hash) {
    bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
}

// A tile that is not full yet: leaf hashes, or the roots of the full tiles below.
Bytes assembled(store::Connection& connection, const merkle::Tile& tile) {
    Bytes bytes;
    const std::uint64_t first = tile.n * merkle::kTileWidth;
    if (tile.level == 0) {
        for (const store::LeafHash& leaf : store::leaf_hashes(connection, LeafIndex{first}, tile.width)) {
            add(bytes, leaf.hash);
        }
        return bytes;
    }
    const auto below = static_cast<std::uint8_t>(tile.level - 1);
    for (const store::LogTile& full : store::log_tiles(connection, below, first, tile.width)) {
        const auto nodes = merkle::TileNodes::from(full.hashes);
        if (!nodes) store::refuse_stored("log_tile.hashes");
        add(bytes, nodes->at(merkle::kTileHeight, 0));
    }
    return bytes;
}

// The full tile where it has become one since: entries under it may have been pruned.
std::optional<Bytes> stored_tile(store::Connection& connection, const merkle::Tile& tile) {
    const std::size_t wanted = std::size_t{tile.width} * sizeof(Digest::bytes);
    auto full = store::log_tile(connection, tile.level, tile.n);
    Bytes bytes = full ? std::move(full->hashes) : Bytes{};
    if (!full && tile.width < merkle::kTileWidth) bytes = assembled(connection, tile);
    if (bytes.size() < wanted) return std::nullopt;
    bytes.resize(wanted);
    return bytes;
}

void append_lines(store::Connection& connection, TreeSize size, std::string& note) {
    for (const store::LogCosignature& each : store::cosignatures_of(connection, size)) {
        note.append(each.line).append("\n");
    }
}

// The first size after the leaf with the lines of most witnesses.
std::optional<TreeSize> witnessed_size(store::Connection& connection, LeafIndex index,
                                       const std::vector<sequencer::Witness>& witnesses) {
    std::map<TreeSize, std::size_t> signed_by;
    for (const store::LogCosignature& line :
         store::cosignatures_from(connection, TreeSize{number(index) + 1}, kLinesLooked)) {
        for (const sequencer::Witness& witness : witnesses) {
            if (witness.key.name() == line.witness) ++signed_by[line.size];
        }
    }
    for (const auto& [size, count] : signed_by) {
        if (sequencer::is_majority(count, witnesses.size())) return size;
    }
    return std::nullopt;
}

log::Checkpoint checkpoint_in(const std::string& note) {
    const auto read = log::parse_note(note);
    const auto checkpoint =
        read ? log::parse_body(read->text) : log::Result<log::Checkpoint>(log::fail(read.error()));
    if (!checkpoint) store::refuse_stored("log_checkpoint.note");
    return *checkpoint;
}

}  // namespace

std::optional<Bytes> tile_bytes(store::Connection& connection, const merkle::Tile& tile) {
    const auto last = store::last_checkpoint(connection);
    if (!last || merkle::tile_width(tile.level, tile.n, last->size) < tile.width) return std::nullopt;
    return stored_tile(connection, tile);
}

std::optional<Bytes> bundle_bytes(store::Connection& connection, const merkle::EntryBundle& bundle) {
    const auto last = store::last_checkpoint(connection);
    if (!last || merkle::tile_width(0, bundle.n, last->size) < bundle.width) return std::nullopt;
    std::vector<Bytes> leaves;
    const LeafIndex first{bundle.n * merkle::kTileWidth};
    for (store::LogEntry& entry : store::log_entries(connection, first, bundle.width)) {
        if (number(entry.index) != number(first) + leaves.size()) return std::nullopt;  // pruned
        leaves.push_back(std::move(entry.data));
    }
    if (leaves.size() != bundle.width) return std::nullopt;
    return merkle::write_bundle(leaves);
}

merkle::NodeReader nodes_at(store::Connection& connection, TreeSize size) {
    return merkle::reader_over(size, [&connection](const merkle::Tile& tile) {
        auto bytes = stored_tile(connection, tile);
        if (!bytes) throw std::runtime_error("a tile of the log is missing: " + merkle::path(tile));
        return *std::move(bytes);
    });
}

std::optional<std::string> checkpoint_with_cosignatures(store::Connection& connection) {
    auto last = store::last_checkpoint(connection);
    if (!last) return std::nullopt;
    append_lines(connection, last->size, last->note);
    return std::move(last->note);
}

std::optional<sequencer::Receipted> receipt_with_cosignatures(
    store::Connection& connection, LeafIndex index, const std::vector<sequencer::Witness>& witnesses) {
    const auto entry = store::log_entry(connection, index);
    auto checkpoint = store::checkpoint_covering(connection, index);
    if (!entry || !checkpoint) return std::nullopt;
    if (const auto size = witnessed_size(connection, index, witnesses)) {
        checkpoint = store::checkpoint_of(connection, *size);  // a line stands only where there is one
    }
    const log::Checkpoint head = checkpoint_in(checkpoint->note);
    const auto proof = merkle::prove_inclusion(index, head.size, nodes_at(connection, head.size));
    const std::string leaf(text_of(entry->data));
    if (!merkle::is_included(log::leaf_hash(leaf), index, head.size, proof, head.root)) {
        throw std::runtime_error("what is stored of the log does not prove its entry " +
                                 std::to_string(number(index)));
    }
    append_lines(connection, head.size, checkpoint->note);
    return sequencer::Receipted{index, leaf,
                                log::write(log::Receipt{std::nullopt, index, proof, checkpoint->note})};
}

}  // namespace kesher::insight
