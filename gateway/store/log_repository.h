// The verifiable log's rows: entries, full tiles, checkpoints, cosignatures. Insert only.
//
// Appends join the sequencer's pipeline, so that a leaf is stored in the same transaction as the
// decision it records. Bytes in, bytes out: what they mean is audit/merkle's and audit/log's to know.
// Only FULL tiles are stored; a partial one is assembled in memory (audit-log.md 3.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/store/connection.h"
#include "gateway/store/pipeline.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::store {

inline constexpr std::size_t kTileBytes = 8192;  // 256 hashes

struct LogEntry {
    contract::LeafIndex index;
    contract::Digest leaf_hash;
    contract::Bytes data;  // the exact bytes hashed, at most 65,535
    friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

struct LogTile {
    std::uint8_t level;  // 0 holds leaf hashes
    std::uint64_t n;
    contract::Bytes hashes;  // kTileBytes
    friend bool operator==(const LogTile&, const LogTile&) = default;
};

struct LogCheckpoint {
    contract::TreeSize size;
    std::string note;  // the signed note as served, without cosignatures
    friend bool operator==(const LogCheckpoint&, const LogCheckpoint&) = default;
};

struct LogCosignature {
    contract::TreeSize size;
    std::string witness;  // the key name in its line
    std::string line;     // "— name base64" without the line feed
    friend bool operator==(const LogCosignature&, const LogCosignature&) = default;
};

[[nodiscard]] std::span<const Statement> log_statements();

// One statement each, whatever the number; none for nothing. A repeated index, tile or size is
// Refused with 23505: there were two writers.
void append_entries(Pipeline& batch, std::span<const LogEntry> entries);
void append_tiles(Pipeline& batch, std::span<const LogTile> tiles);
void append_checkpoint(Pipeline& batch, const LogCheckpoint& checkpoint);

// The log's name, given once at its creation. record_origin() is false where one is already there.
[[nodiscard]] std::optional<std::string> log_origin(Connection& connection);
[[nodiscard]] bool record_origin(Connection& connection, std::string_view origin);

[[nodiscard]] std::optional<LogCheckpoint> last_checkpoint(Connection& connection);
[[nodiscard]] std::optional<LogCheckpoint> checkpoint_of(Connection& connection, contract::TreeSize size);
// The first checkpoint that covers the leaf: the one its first receipt stood on.
[[nodiscard]] std::optional<LogCheckpoint> checkpoint_covering(Connection& connection,
                                                               contract::LeafIndex index);

// In order of index, from `from` on, at most `limit`. Gaps are possible only by tampering or pruning:
// the caller compares the indexes.
[[nodiscard]] std::vector<LogEntry> log_entries(Connection& connection, contract::LeafIndex from,
                                                std::size_t limit);
struct LeafHash {
    contract::LeafIndex index;
    contract::Digest hash;
    friend bool operator==(const LeafHash&, const LeafHash&) = default;
};
[[nodiscard]] std::vector<LeafHash> leaf_hashes(Connection& connection, contract::LeafIndex from,
                                                std::size_t limit);
[[nodiscard]] std::optional<LogEntry> log_entry(Connection& connection, contract::LeafIndex index);
// Index after the last stored entry; 0 for an empty table.
[[nodiscard]] contract::TreeSize stored_size(Connection& connection);

[[nodiscard]] std::optional<LogTile> log_tile(Connection& connection, std::uint8_t level, std::uint64_t n);
// Full tiles of a level in order of n, for re-deriving the root at start.
[[nodiscard]] std::vector<LogTile> log_tiles(Connection& connection, std::uint8_t level, std::uint64_t from,
                                             std::size_t limit);

// False where this witness already has a line for this size: the first one stays. Throws
// DatabaseRefused (23503) for a size that was never a checkpoint.
bool add_cosignature(Connection& connection, const LogCosignature& cosignature);
[[nodiscard]] std::vector<LogCosignature> cosignatures_of(Connection& connection, contract::TreeSize size);
// What this witness signed last; none where it has signed nothing.
[[nodiscard]] std::optional<LogCosignature> last_cosignature_of(Connection& connection,
                                                                std::string_view witness);
// Of all checkpoints of at least `from`, in order of size then witness, at most `limit`.
[[nodiscard]] std::vector<LogCosignature> cosignatures_from(Connection& connection, contract::TreeSize from,
                                                            std::size_t limit);

}  // namespace kesher::store
