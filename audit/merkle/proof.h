// Inclusion and consistency proofs (RFC 9162 sections 2.1.3 and 2.1.4): made from stored hashes,
// checked from nothing but the proof.
//
// A proof is made at a size, never at "the latest": it belongs to the checkpoint it travels with.
// Makers are asked by us about our own tree, so a size or index outside it is a fault of ours and
// throws std::out_of_range. Checkers take what a stranger sent, and answer yes or no.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::merkle {

// A full subtree: 2^level leaves, from leaf index * 2^level on. Level 0 is a leaf hash.
struct Node {
    std::uint8_t level = 0;
    std::uint64_t index = 0;
    friend auto operator<=>(const Node&, const Node&) = default;
};

// The hash of a full subtree. Asked only for subtrees that lie wholly within the size of the proof.
using NodeReader = std::function<contract::Digest(Node)>;
using Hashes = std::vector<contract::Digest>;

[[nodiscard]] contract::Digest root_at(contract::TreeSize size, const NodeReader& nodes);

// The leaf's sibling first. Needs index < size.
[[nodiscard]] Hashes prove_inclusion(contract::LeafIndex index, contract::TreeSize size,
                                     const NodeReader& nodes);

// Needs old <= now. Empty where old is 0 or equals now. Where old is a power of two its root is not
// part of the proof: the checker has it.
[[nodiscard]] Hashes prove_consistency(contract::TreeSize old, contract::TreeSize now,
                                       const NodeReader& nodes);

// The root that a proof leads to; none where index is not below size or the proof's length is wrong.
[[nodiscard]] std::optional<contract::Digest> root_of_inclusion(const contract::Digest& leaf_hash,
                                                                contract::LeafIndex index,
                                                                contract::TreeSize size,
                                                                std::span<const contract::Digest> proof);

[[nodiscard]] bool is_included(const contract::Digest& leaf_hash, contract::LeafIndex index,
                               contract::TreeSize size, std::span<const contract::Digest> proof,
                               const contract::Digest& root);

// Size 0: only the empty root and an empty proof. Equal sizes: only equal roots and an empty proof.
[[nodiscard]] bool is_consistent(contract::TreeSize old, const contract::Digest& old_root,
                                 contract::TreeSize now, const contract::Digest& now_root,
                                 std::span<const contract::Digest> proof);

}  // namespace kesher::merkle
