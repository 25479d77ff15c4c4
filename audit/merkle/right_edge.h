// The right edge of a growing tree: the roots of the full subtrees that a size is made of, largest
// first, one per set bit of the size. It is all one needs to append and to know the root: at most
// 64 hashes, whatever the size. A verifier streams a whole log through it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::merkle {

class RightEdge {
public:
    RightEdge() = default;  // the empty tree

    // Hashes as hashes() gave them; none unless there is exactly one per set bit of the size.
    [[nodiscard]] static std::optional<RightEdge> restore(contract::TreeSize size,
                                                          std::span<const contract::Digest> hashes);

    void append(const contract::Digest& leaf_hash);
    [[nodiscard]] contract::TreeSize size() const { return contract::TreeSize{size_}; }
    [[nodiscard]] contract::Digest root() const;
    [[nodiscard]] std::span<const contract::Digest> hashes() const { return hashes_; }

private:
    std::uint64_t size_ = 0;
    std::vector<contract::Digest> hashes_;
};

// Hashes the subtrees of an edge together, smallest first; an empty list is the empty tree.
[[nodiscard]] contract::Digest fold_edge(std::span<const contract::Digest> hashes);

}  // namespace kesher::merkle
