#include "audit/merkle/proof.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "audit/merkle/hash.h"
#include "audit/merkle/right_edge.h"

namespace kesher::merkle {
namespace {

using contract::Digest;
using contract::LeafIndex;
using contract::number;
using contract::TreeSize;

// Where a tree of n > 1 leaves is split: the largest power of two below n.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

// Root over `count` leaves from `first` on; first is a multiple of the power of two at or above
// count, as every subtree of the tree is.
Digest range_hash(std::uint64_t first, std::uint64_t count, const NodeReader& nodes) {
    Hashes edge;
    while (count > 0) {
        const auto level = static_cast<std::uint8_t>(std::bit_width(count) - 1);
        edge.push_back(nodes(Node{level, first >> level}));
        first += std::uint64_t{1} << level;
        count -= std::uint64_t{1} << level;
    }
    return fold_edge(edge);
}

bool is_odd(std::uint64_t n) { return (n & 1U) != 0; }

}  // namespace

Digest root_at(TreeSize size, const NodeReader& nodes) { return range_hash(0, number(size), nodes); }

// From the root down to the leaf, noting the half not taken; PATH of RFC 9162 section 2.1.3.1.
Hashes prove_inclusion(LeafIndex index, TreeSize size, const NodeReader& nodes) {
    if (number(index) >= number(size)) throw std::out_of_range("inclusion: index is not below size");
    Hashes proof;
    std::uint64_t first = 0;
    std::uint64_t count = number(size);
    while (count > 1) {
        const std::uint64_t left = split(count);
        if (number(index) - first < left) {
            proof.push_back(range_hash(first + left, count - left, nodes));
            count = left;
        } else {
            proof.push_back(range_hash(first, left, nodes));
            first += left;
            count -= left;
        }
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

// SUBPROOF of RFC 9162 section 2.1.4.1. `whole` says that what is left is the old tree itself, whose
// root the checker holds.
Hashes prove_consistency(TreeSize old, TreeSize now, const NodeReader& nodes) {
    if (number(old) > number(now)) throw std::out_of_range("consistency: old size is above the new one");
    Hashes proof;
    if (number(old) == 0) return proof;
    std::uint64_t first = 0;
    std::uint64_t known = number(old);
    std::uint64_t count = number(now);
    bool whole = true;
    while (known != count) {
        const std::uint64_t left = split(count);
        if (known <= left) {
            proof.push_back(range_hash(first + left, count - left, nodes));
            count = left;
        } else {
            proof.push_back(range_hash(first, left, nodes));
            first += left;
            known -= left;
            count -= left;
            whole = false;
        }
    }
    if (!whole) proof.push_back(range_hash(first, count, nodes));
    std::reverse(proof.begin(), proof.end());
    return proof;
}

// RFC 9162 section 2.1.3.2.
std::optional<Digest> root_of_inclusion(const Digest& leaf_hash, LeafIndex index, TreeSize size,
                                        std::span<const Digest> proof) {
    if (number(index) >= number(size)) return std::nullopt;
    std::uint64_t node = number(index);
    std::uint64_t last = number(size) - 1;
    Digest hash = leaf_hash;
    for (const Digest& sibling : proof) {
        if (last == 0) return std::nullopt;  // too long
        if (is_odd(node) || node == last) {
            hash = node_hash(sibling, hash);
            while (!is_odd(node) && node != 0) {  // levels where the right edge has no sibling
                node >>= 1U;
                last >>= 1U;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        node >>= 1U;
        last >>= 1U;
    }
    if (last != 0) return std::nullopt;  // too short
    return hash;
}

bool is_included(const Digest& leaf_hash, LeafIndex index, TreeSize size, std::span<const Digest> proof,
                 const Digest& root) {
    return root_of_inclusion(leaf_hash, index, size, proof) == root;
}

namespace {

// RFC 9162 section 2.1.4.2 for 0 < old < now; the first hash is already a node of both trees.
bool leads_to_both(std::uint64_t old, const Digest& old_root, std::uint64_t now, const Digest& now_root,
                   const Digest& start, std::span<const Digest> rest) {
    std::uint64_t node = old - 1;
    std::uint64_t last = now - 1;
    while (is_odd(node)) {
        node >>= 1U;
        last >>= 1U;
    }
    Digest old_hash = start;
    Digest now_hash = start;
    for (const Digest& sibling : rest) {
        if (last == 0) return false;  // too long
        if (is_odd(node) || node == last) {
            old_hash = node_hash(sibling, old_hash);
            now_hash = node_hash(sibling, now_hash);
            while (!is_odd(node) && node != 0) {
                node >>= 1U;
                last >>= 1U;
            }
        } else {
            now_hash = node_hash(now_hash, sibling);
        }
        node >>= 1U;
        last >>= 1U;
    }
    return last == 0 && old_hash == old_root && now_hash == now_root;
}

}  // namespace

bool is_consistent(TreeSize old, const Digest& old_root, TreeSize now, const Digest& now_root,
                   std::span<const Digest> proof) {
    const std::uint64_t from = number(old);
    const std::uint64_t to = number(now);
    if (from > to) return false;
    if (to == 0 && now_root != empty_root()) return false;
    if (from == 0) return proof.empty() && old_root == empty_root();
    if (from == to) return proof.empty() && old_root == now_root;
    if (proof.empty()) return false;
    // A power of two is one full subtree, so the old root itself is where the proof starts.
    if (std::has_single_bit(from)) return leads_to_both(from, old_root, to, now_root, old_root, proof);
    return leads_to_both(from, old_root, to, now_root, proof.front(), proof.subspan(1));
}

}  // namespace kesher::merkle
