// A proof leads from a leaf, or from an older tree, to one root only.
// Method: the vectors of RFC 6962, then every pair of sizes up to 70 against the definition, each
// proof also with a hash changed, left out and added.
#include "audit/merkle/proof.h"

#include <catch2/catch.hpp>

#include "audit/merkle/right_edge.h"
#include "samples.h"

using namespace kesher;
using namespace kesher::merkle;
using contract::Digest;
using contract::LeafIndex;
using contract::TreeSize;

namespace {

constexpr std::uint64_t kLargest = 70;

const Hashes& leaves() {
    static const Hashes hashes = samples::entry_hashes(kLargest);
    return hashes;
}
const Digest& root(std::uint64_t size) {
    static const auto roots = [] {
        Hashes all;
        for (std::size_t n = 0; n <= kLargest; ++n)
            all.push_back(samples::root_by_definition(std::span(leaves()).first(n)));
        return all;
    }();
    return roots[size];
}

const NodeReader& nodes_of_leaves() {
    static const NodeReader nodes = samples::reader_of(leaves());
    return nodes;
}

// Every proof that differs from this one by one hash: changed, left out, or added.
std::vector<Hashes> neighbours(const Hashes& proof) {
    std::vector<Hashes> all;
    for (std::size_t i = 0; i < proof.size(); ++i) {
        all.push_back(proof);
        all.back()[i].bytes[i % 32] ^= 1U;
        all.push_back(proof);
        all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
    }
    all.push_back(proof);
    all.back().push_back(leaves()[0]);
    all.push_back(proof);
    all.back().insert(all.back().begin(), leaves()[1]);
    return all;
}

}  // namespace

TEST_CASE("The hashes are those of RFC 6962") {
    CHECK(contract::hex(empty_root().view()) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const auto& rfc = samples::vectors()["rfc6962"];
    RightEdge edge;
    CHECK(edge.root() == samples::digest_of_hex(rfc["roots_hex_by_size"]["0"]));
    for (std::size_t i = 0; i < 8; ++i) {
        edge.append(leaf_hash(contract::from_hex(rfc["leaves_hex"][i].get<std::string>()).value()));
        CAPTURE(i);
        CHECK(edge.root() == samples::digest_of_hex(rfc["roots_hex_by_size"][std::to_string(i + 1)]));
    }
}

TEST_CASE("The proofs are those of RFC 6962") {
    const auto& rfc = samples::vectors()["rfc6962"];
    Hashes rfc_leaves;
    for (const auto& hex : rfc["leaves_hex"])
        rfc_leaves.push_back(leaf_hash(contract::from_hex(hex.get<std::string>()).value()));
    const NodeReader nodes = samples::reader_of(rfc_leaves);
    unsigned seen = 0;
    for (const auto& [place, proof] : rfc["inclusion_hex"].items()) {
        const std::size_t slash = place.find('/');
        CHECK(prove_inclusion(LeafIndex{std::stoull(place)}, TreeSize{std::stoull(place.substr(slash + 1))},
                              nodes) == samples::hashes_of_hex(proof));
        ++seen;
    }
    for (const auto& [pair, proof] : rfc["consistency_hex"].items()) {
        const std::size_t dash = pair.find('-');
        CHECK(prove_consistency(TreeSize{std::stoull(pair)}, TreeSize{std::stoull(pair.substr(dash + 1))},
                                nodes) == samples::hashes_of_hex(proof));
        ++seen;
    }
    CHECK(seen == 36 + 28);
}

TEST_CASE("The samples' consistency proofs are made and accepted") {
    const Hashes entries = samples::entry_hashes(300);
    const NodeReader nodes = samples::reader_of(entries);
    for (const auto& [old, now] :
         {std::pair{1U, 300U}, {5U, 8U}, {8U, 300U}, {256U, 300U}, {257U, 300U}, {300U, 300U}}) {
        const std::string name = "consistency." + std::to_string(old) + "-" + std::to_string(now) + ".txt";
        CAPTURE(name);
        const Hashes proof = samples::hashes_of_lines(samples::tlog(name));
        CHECK(prove_consistency(TreeSize{old}, TreeSize{now}, nodes) == proof);
        CHECK(is_consistent(TreeSize{old}, root_at(TreeSize{old}, nodes), TreeSize{now},
                            root_at(TreeSize{now}, nodes), proof));
    }
}

TEST_CASE("Every leaf of every tree up to 70 leaves is proved and no neighbouring proof is accepted") {
    const NodeReader& nodes = nodes_of_leaves();
    for (std::uint64_t size = 1; size <= kLargest; ++size) {
        REQUIRE(root_at(TreeSize{size}, nodes) == root(size));
        for (std::uint64_t i = 0; i < size; ++i) {
            const Hashes proof = prove_inclusion(LeafIndex{i}, TreeSize{size}, nodes);
            bool accepted = is_included(leaves()[i], LeafIndex{i}, TreeSize{size}, proof, root(size));
            bool others =
                is_included(leaves()[i], LeafIndex{i}, TreeSize{size}, proof, root(size - 1)) ||
                is_included(leaves()[(i + 1) % kLargest], LeafIndex{i}, TreeSize{size}, proof, root(size)) ||
                is_included(leaves()[i], LeafIndex{i + 1}, TreeSize{size}, proof, root(size));
            for (const Hashes& other : neighbours(proof)) {
                others = others || is_included(leaves()[i], LeafIndex{i}, TreeSize{size}, other, root(size));
            }
            CAPTURE(size, i);
            REQUIRE(accepted);
            REQUIRE_FALSE(others);
        }
    }
}

TEST_CASE("Every growth up to 70 leaves is proved and no neighbouring proof is accepted") {
    const NodeReader& nodes = nodes_of_leaves();
    for (std::uint64_t now = 1; now <= kLargest; ++now) {
        for (std::uint64_t old = 1; old <= now; ++old) {
            const Hashes proof = prove_consistency(TreeSize{old}, TreeSize{now}, nodes);
            const auto accepts = [&](const Digest& from, const Digest& to, const Hashes& by) {
                return is_consistent(TreeSize{old}, from, TreeSize{now}, to, by);
            };
            bool others =
                accepts(root(old - 1), root(now), proof) || accepts(root(old), root(now - 1), proof);
            for (const Hashes& other : neighbours(proof))
                others = others || accepts(root(old), root(now), other);
            CAPTURE(old, now);
            REQUIRE(accepts(root(old), root(now), proof));
            REQUIRE_FALSE(others);
        }
    }
}

TEST_CASE("An older tree whose size is a power of two is not part of its own proof") {
    const NodeReader& nodes = nodes_of_leaves();
    for (const std::uint64_t old : {1U, 2U, 4U, 8U, 16U, 32U, 64U}) {
        const Hashes proof = prove_consistency(TreeSize{old}, TreeSize{kLargest}, nodes);
        CHECK(std::find(proof.begin(), proof.end(), root(old)) == proof.end());
        Hashes with_root = proof;
        with_root.insert(with_root.begin(), root(old));
        CHECK_FALSE(is_consistent(TreeSize{old}, root(old), TreeSize{kLargest}, root(kLargest), with_root));
    }
}

TEST_CASE("The empty tree is the prefix of every tree and nothing else is shown by size 0") {
    CHECK(is_consistent(TreeSize{0}, empty_root(), TreeSize{7}, root(7), {}));
    CHECK_FALSE(is_consistent(TreeSize{0}, root(1), TreeSize{7}, root(7), {}));
    CHECK_FALSE(is_consistent(TreeSize{0}, empty_root(), TreeSize{7}, root(7), Hashes{root(1)}));
    CHECK(is_consistent(TreeSize{0}, empty_root(), TreeSize{0}, empty_root(), {}));
    CHECK_FALSE(is_consistent(TreeSize{0}, empty_root(), TreeSize{0}, root(1), {}));
    CHECK_FALSE(is_consistent(TreeSize{0}, root(1), TreeSize{0}, root(1), {}));
}

TEST_CASE("Equal sizes are consistent only with equal roots and no proof") {
    CHECK(is_consistent(TreeSize{7}, root(7), TreeSize{7}, root(7), {}));
    CHECK_FALSE(is_consistent(TreeSize{7}, root(7), TreeSize{7}, root(8), {}));
    CHECK_FALSE(is_consistent(TreeSize{7}, root(7), TreeSize{7}, root(7), Hashes{root(7)}));
}

TEST_CASE("A tree that shrank is refused") {
    const NodeReader& nodes = nodes_of_leaves();
    const Hashes proof = prove_consistency(TreeSize{6}, TreeSize{9}, nodes);
    CHECK_FALSE(is_consistent(TreeSize{9}, root(9), TreeSize{6}, root(6), proof));
    CHECK_THROWS_AS(prove_consistency(TreeSize{9}, TreeSize{6}, nodes), std::out_of_range);
}

TEST_CASE("A proof that ends below the top of the claimed size is refused") {
    const NodeReader& nodes = nodes_of_leaves();
    const Hashes growth = prove_consistency(TreeSize{4}, TreeSize{8}, nodes);
    CHECK(is_consistent(TreeSize{4}, root(4), TreeSize{8}, root(8), growth));
    CHECK_FALSE(is_consistent(TreeSize{4}, root(4), TreeSize{9}, root(8), growth));
    const Hashes path = prove_inclusion(LeafIndex{2}, TreeSize{8}, nodes);
    CHECK_FALSE(is_included(leaves()[2], LeafIndex{2}, TreeSize{9}, path, root(8)));
}

TEST_CASE("An index at or above the size has no proof") {
    const NodeReader& nodes = nodes_of_leaves();
    CHECK_THROWS_AS(prove_inclusion(LeafIndex{6}, TreeSize{6}, nodes), std::out_of_range);
    CHECK_NOTHROW(prove_inclusion(LeafIndex{5}, TreeSize{6}, nodes));
    CHECK_FALSE(is_included(leaves()[0], LeafIndex{1}, TreeSize{1}, {}, leaves()[0]));
    CHECK(is_included(leaves()[0], LeafIndex{0}, TreeSize{1}, {}, leaves()[0]));
    CHECK_FALSE(is_included(leaves()[0], LeafIndex{0}, TreeSize{0}, {}, leaves()[0]));
}

TEST_CASE("The largest sizes do not overflow") {
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const Hashes proof(64, leaves()[0]);
    CHECK(root_of_inclusion(leaves()[0], LeafIndex{0}, TreeSize{most}, proof));
    CHECK_FALSE(root_of_inclusion(leaves()[0], LeafIndex{most}, TreeSize{most}, proof));
    CHECK_FALSE(is_consistent(TreeSize{most - 1}, leaves()[0], TreeSize{most}, leaves()[0], proof));
}

TEST_CASE("A right edge is restored only from one hash for each full subtree") {
    RightEdge edge;
    for (std::uint64_t i = 0; i < 13; ++i) edge.append(leaves()[i]);
    REQUIRE(edge.hashes().size() == 3);  // 13 = 8 + 4 + 1
    auto restored = RightEdge::restore(edge.size(), edge.hashes());
    REQUIRE(restored);
    CHECK(restored->root() == root(13));
    restored->append(leaves()[13]);
    CHECK(restored->root() == root(14));
    CHECK_FALSE(RightEdge::restore(edge.size(), edge.hashes().first(2)));
    CHECK_FALSE(RightEdge::restore(TreeSize{12}, edge.hashes()));
    CHECK(RightEdge::restore(TreeSize{0}, {})->root() == empty_root());
}
