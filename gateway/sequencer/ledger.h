// The log as its one writer keeps it: the tree's edge, the batch's new leaves, checkpoints, receipts.
//
// A leaf gets its index when it is appended, its checkpoint when the batch is sealed, and leaves the
// process only after the commit. Every new receipt is checked before it is handed out: a fault in
// memory must not become a promise. After any doubt the ledger is thrown away and opened again from
// what is stored (audit-log.md 3.2).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/log/checkpoint.h"
#include "audit/log/record.h"
#include "audit/merkle/tree.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/pipeline.h"
#include "schemas/contract/instant.h"

namespace kesher::sequencer {

// What every answer that decides carries (contract.md 4).
struct Receipted {
    contract::LeafIndex index{};
    std::string leaf;
    std::string receipt;
};

// The stored log and what was signed about it do not agree. The text names the place and the way out.
class LogBroken : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Ledger {
public:
    // Reads every stored entry and re-derives the root, then compares with the last signed checkpoint.
    // `whole` false: after a doubt, only what follows the last full tiles. Throws LogBroken, DatabaseLost.
    // The connection reads tiles for old proofs as long as the ledger lives. `take` gets every entry of a
    // whole reading, in order; what it made of them counts once open() has returned.
    [[nodiscard]] static Ledger open(store::Connection& connection, const log::NoteSigner& signer, bool whole,
                                     const std::function<void(const store::LogEntry&)>& take = {});

    [[nodiscard]] contract::TreeSize size() const { return tree_.size(); }
    [[nodiscard]] contract::LeafIndex next() const {
        return contract::LeafIndex{contract::number(tree_.size())};
    }
    // Of the last leaf; the epoch for an empty log.
    [[nodiscard]] contract::Instant last_at() const { return last_at_; }
    [[nodiscard]] const std::string& origin() const { return signer_->key().name(); }

    // Whether these bytes are the entry of that index.
    [[nodiscard]] bool holds(const store::LogEntry& entry);
    // Of an earlier size; throws std::out_of_range beyond its own.
    [[nodiscard]] contract::Digest root_at(contract::TreeSize size) { return tree_.root_at(size); }
    // The checkpoint that seal() signed last; nobody may see it before the commit.
    [[nodiscard]] const std::string& newest_note() const { return note_; }

    // The text is a whole leaf (audit/log/leaf.h), `at` its time.
    contract::LeafIndex append(std::string text, contract::Instant at);
    [[nodiscard]] bool has_new() const { return !new_entries_.empty(); }
    // Signs the new root and adds entries, full tiles and checkpoint to the batch's transaction.
    void seal(store::Pipeline& batch);
    // After the commit: the new leaves with their receipts, in order, each proven against the new root.
    [[nodiscard]] std::vector<Receipted> take_receipts();

    // Of an older leaf: the very receipt that was first given for it. Nothing where it is not stored.
    [[nodiscard]] std::optional<Receipted> first_receipt(contract::LeafIndex index);

private:
    Ledger(store::Connection& connection, const log::NoteSigner& signer, merkle::Tree tree);
    [[nodiscard]] std::string receipt_at(contract::LeafIndex index, contract::TreeSize size,
                                         const std::string& note);

    store::Connection* connection_;
    const log::NoteSigner* signer_;
    merkle::Tree tree_;
    std::vector<store::LogEntry> new_entries_;
    std::string note_;  // of the batch being sealed
    contract::Instant last_at_{};
};

// The last signed checkpoint as it stands in storage, of a log of this name; throws LogBroken.
[[nodiscard]] std::optional<log::Checkpoint> stored_checkpoint(store::Connection& connection,
                                                               const log::NoteKey& key);

}  // namespace kesher::sequencer
