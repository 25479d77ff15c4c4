#include "audit/merkle/right_edge.h"

#include <bit>

#include "audit/merkle/hash.h"

namespace kesher::merkle {

using contract::Digest;

std::optional<RightEdge> RightEdge::restore(contract::TreeSize size, std::span<const Digest> hashes) {
    if (static_cast<std::size_t>(std::popcount(contract::number(size))) != hashes.size()) return std::nullopt;
    RightEdge edge;
    edge.size_ = contract::number(size);
    edge.hashes_.assign(hashes.begin(), hashes.end());
    return edge;
}

// Adding one to a binary number: every carried bit joins two subtrees of the same size.
void RightEdge::append(const Digest& leaf_hash) {
    Digest hash = leaf_hash;
    for (std::uint64_t bits = size_; (bits & 1U) != 0; bits >>= 1U) {
        hash = node_hash(hashes_.back(), hash);
        hashes_.pop_back();
    }
    hashes_.push_back(hash);
    ++size_;
}

Digest RightEdge::root() const { return fold_edge(hashes_); }

Digest fold_edge(std::span<const Digest> hashes) {
    if (hashes.empty()) return empty_root();
    Digest root = hashes.back();
    for (std::size_t i = hashes.size() - 1; i-- > 0;) root = node_hash(hashes[i], root);
    return root;
}

}  // namespace kesher::merkle
