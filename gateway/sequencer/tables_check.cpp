#include "gateway/sequencer/tables_check.h"

#include "gateway/sequencer/case_tables.h"

namespace kesher::sequencer {

using namespace contract;

void TablesCheck::take(const store::LogEntry& entry) {
    if (flaw_) return;
    try {
        const Said said(entry.index, text_of(entry.data));
        parties_.take(said);
        cases_.take(said);
    } catch (const LogBroken& broken) {
        flaw_ = broken.what();
    }
}

void TablesCheck::require_parties(const store::StoredRegistry& stored) const {
    if (flaw_) throw LogBroken(*flaw_);
    parties_.require_same(stored);
}

void TablesCheck::require_cases(store::Connection& connection, const Means& means, Instant now) const {
    CaseTables(cases_, connection, means, now).require();
}

}  // namespace kesher::sequencer
