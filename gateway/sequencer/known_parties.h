// Who takes part, as this process saw it logged. A session with the database may end at any time, and what is
// read anew then decides who is believed: it must be what the leaves said and nothing that was put beside
// them.
#pragma once

#include "gateway/sequencer/ledger.h"
#include "gateway/sequencer/retold_parties.h"

namespace kesher::sequencer {

class KnownParties {
public:
    // `told` from the first `size` leaves.
    KnownParties(RetoldParties told, contract::TreeSize size) : told_(std::move(told)), size_(size) {}

    // A leaf of a request that changed the registry, stored.
    void take(const Receipted& stored);
    // All up to this size is stored, and of it what concerns parties was taken.
    void reached(contract::TreeSize size) { size_ = size; }
    [[nodiscard]] contract::TreeSize size() const { return size_; }
    // Takes what was stored without this process hearing of it, proven by the ledger, and compares. Throws
    // LogBroken, which names table, row and leaf; DatabaseLost.
    void require(store::Connection& connection, Ledger& ledger, const store::StoredRegistry& stored);

private:
    RetoldParties told_;
    contract::TreeSize size_;
};

}  // namespace kesher::sequencer
