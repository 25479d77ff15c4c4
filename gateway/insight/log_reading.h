// The log as it is read beside its writer: tiles, proofs and receipts out of stored rows, which never
// change once a checkpoint covers them. The sequencer is not asked.
#pragma once

#include <optional>
#include <string>

#include "audit/log/checkpoint.h"
#include "audit/merkle/tile.h"
#include "gateway/sequencer/ledger.h"
#include "gateway/sequencer/witnessed_clock.h"
#include "gateway/store/connection.h"

namespace kesher::insight {

// Hashes of a tile, full or partial, within what the last checkpoint covers; none else.
[[nodiscard]] std::optional<contract::Bytes> tile_bytes(store::Connection& connection,
                                                        const merkle::Tile& tile);
// The leaves under a level 0 tile, as C2SP bundles them; the same rule.
[[nodiscard]] std::optional<contract::Bytes> bundle_bytes(store::Connection& connection,
                                                          const merkle::EntryBundle& bundle);
// Nodes of the tree at a size that a checkpoint has. Throws std::runtime_error where a tile is missing.
[[nodiscard]] merkle::NodeReader nodes_at(store::Connection& connection, contract::TreeSize size);

// The newest checkpoint with every cosignature that came for it.
[[nodiscard]] std::optional<std::string> checkpoint_with_cosignatures(store::Connection& connection);
// A receipt under the first checkpoint at or after the leaf that most of these witnesses signed; where
// there is none yet, under the one it was first given on, with the lines it has. Checked before it is
// handed out: std::runtime_error where what is stored does not prove it.
[[nodiscard]] std::optional<sequencer::Receipted> receipt_with_cosignatures(
    store::Connection& connection, contract::LeafIndex index,
    const std::vector<sequencer::Witness>& witnesses);

}  // namespace kesher::insight
