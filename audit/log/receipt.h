// A receipt (c2sp.org/tlog-proof@v1): a leaf's index, its inclusion proof and the signed checkpoint
// they lead to. With the leaf and the log's public key anybody can check it, offline, for ever.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log/checkpoint.h"
#include "audit/log/flaw.h"
#include "audit/log/policy.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::log {

inline constexpr std::size_t kReceiptBytes = 72 * 1024;
inline constexpr std::size_t kProofHashes = 63;  // a tree of 2^63 leaves

struct Receipt {
    std::optional<contract::Bytes> extra;  // not covered by any signature
    contract::LeafIndex index{};
    std::vector<contract::Digest> proof;  // the leaf's sibling first
    std::string checkpoint;               // the signed note, verbatim
    friend bool operator==(const Receipt&, const Receipt&) = default;
};
[[nodiscard]] std::string write(const Receipt& receipt);
// write(parse_receipt(x)) == x. The checkpoint's own form is judged by verify_receipt.
[[nodiscard]] Result<Receipt> parse_receipt(std::string_view text);

struct Cosigned {
    std::string witness;
    CosignatureTime at{};
};
struct Proven {
    contract::LeafIndex index{};
    Checkpoint checkpoint;
    std::vector<Cosigned> cosigned;  // by witnesses of the policy given
};
// In this order: leaf hash, the log's signature over its origin, quorum (with a policy), inclusion.
[[nodiscard]] Result<Proven> verify_receipt(std::string_view leaf, const Receipt& receipt, const NoteKey& log,
                                            const Policy* policy = nullptr);

}  // namespace kesher::log
