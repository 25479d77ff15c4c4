// A decision of the hub as it came back: the leaf's place, its two lines, and the proof.
#pragma once

#include <optional>
#include <string>

#include "audit/log/note.h"
#include "audit/log/record.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/result.h"

namespace kesher::kit {

// The flat members `index`, `leaf`, `receipt` of every answer that decides (contract.md 4).
struct Receipted {
    contract::LeafIndex index{};
    std::string leaf;
    std::string receipt;  // c2sp.org/tlog-proof@v1
    friend bool operator==(const Receipted&, const Receipted&) = default;
};

// A Receipted that holds: signed by the pinned log, the leaf included, at the index it says.
struct ProvenReceipt {
    std::optional<std::string> statement;  // line 1
    log::Record record;                    // line 2
    contract::LeafIndex index{};
    std::string checkpoint;  // the signed note in the receipt
};
[[nodiscard]] log::Result<ProvenReceipt> prove(const Receipted& receipted, const log::NoteKey& log);

}  // namespace kesher::kit
