#include "gateway/sequencer/known_parties.h"

#include "gateway/store/log_repository.h"

namespace kesher::sequencer {

using namespace contract;

namespace {

constexpr std::size_t kEntriesAtOnce = 1'024;

}  // namespace

void KnownParties::take(const Receipted& stored) { told_.take(Said(stored.index, stored.leaf)); }

void KnownParties::require(store::Connection& connection, Ledger& ledger,
                           const store::StoredRegistry& stored) {
    while (size_ < ledger.size()) {
        const auto entries = store::log_entries(connection, LeafIndex{number(size_)}, kEntriesAtOnce);
        for (const store::LogEntry& entry : entries) {
            if (!ledger.holds(entry) || number(entry.index) != number(size_)) break;
            told_.take(Said(entry.index, text_of(entry.data)));
            size_ = TreeSize{number(size_) + 1};
        }
        const bool went_on = !entries.empty() && number(entries.back().index) + 1 == number(size_);
        if (!went_on) {
            throw LogBroken("Entry " + std::to_string(number(size_)) + " is not the one that was logged.");
        }
    }
    told_.require_same(stored);
}

}  // namespace kesher::sequencer
