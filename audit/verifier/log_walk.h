// Reads a whole log once, from its first entry to its last: hashes every entry into the tree, builds every
// tile again from the entries alone, compares it with the stored one, and reads each entry as a leaf.
//
// The walk notes what it sees and judges nothing; log_command decides which of two things that differ was
// changed, by the signed root. Memory: one bundle, one open tile a level, the right edge, and what log_order
// remembers of each message.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "audit/merkle/right_edge.h"
#include "audit/merkle/tile.h"
#include "audit/verifier/log_folder.h"
#include "audit/verifier/log_order.h"
#include "schemas/contract/instant.h"

namespace kesher::verifier {

// An entry that is no leaf, whose time is before that of the entry in front of it, or that may not follow
// those in front of it (log_order.h).
struct EntryFault {
    std::uint64_t index = 0;
    std::string why;
};

class LogWalk {
public:
    LogWalk(const LogFolder& folder, contract::TreeSize size) : folder_(folder), size_(size) {}

    // Up to `size` entries (at most the log's). Stops at a file that is not there; missing() names it.
    void read_to(contract::TreeSize size);
    // Compares the partial tiles on the right. After the last entry, once.
    void finish();

    [[nodiscard]] contract::Digest root() const { return edge_.root(); }
    [[nodiscard]] const std::optional<std::string>& missing() const { return missing_; }
    // The first of each, if any.
    [[nodiscard]] const std::optional<std::uint64_t>& other_entry() const {
        return other_entry_;
    }  // its tile has another
    [[nodiscard]] const std::optional<merkle::Tile>& other_tile() const { return other_tile_; }
    [[nodiscard]] const std::optional<EntryFault>& fault() const { return fault_; }
    [[nodiscard]] const std::optional<contract::Instant>& first_at() const { return first_at_; }
    [[nodiscard]] const std::optional<contract::Instant>& last_at() const { return last_at_; }
    [[nodiscard]] std::uint64_t statements() const { return statements_; }

private:
    void append(contract::ByteView leaf);
    void read_leaf(contract::ByteView leaf, std::uint64_t index);
    void push(std::uint8_t level, const contract::Digest& hash);
    void compare(std::uint8_t level);

    const LogFolder& folder_;
    contract::TreeSize size_;
    merkle::RightEdge edge_;
    std::vector<contract::Bytes> bundle_;  // the one that holds the next entry
    std::array<merkle::TileNodes, merkle::kTileLevels> open_;
    std::array<std::uint64_t, merkle::kTileLevels> numbers_{};
    std::optional<std::string> missing_;
    std::optional<std::uint64_t> other_entry_;
    std::optional<merkle::Tile> other_tile_;
    LogOrder order_;
    std::optional<EntryFault> fault_;
    std::optional<contract::Instant> first_at_;
    std::optional<contract::Instant> last_at_;
    std::uint64_t statements_ = 0;
};

}  // namespace kesher::verifier
