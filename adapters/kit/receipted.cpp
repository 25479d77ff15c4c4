#include "adapters/kit/receipted.h"

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"

namespace kesher::kit {

log::Result<ProvenReceipt> prove(const Receipted& receipted, const log::NoteKey& log) {
    const auto leaf = log::split_leaf(receipted.leaf);
    if (!leaf) return log::fail(leaf.error());
    auto record = log::parse_record(leaf->record);
    if (!record) return log::fail(record.error());
    const auto receipt = log::parse_receipt(receipted.receipt);
    if (!receipt) return log::fail(receipt.error());
    // The index beside the receipt is unsigned; only the proof's own counts, and they must be one.
    if (receipt->index != receipted.index) return log::fail(log::Flaw::receipt_malformed);
    const auto proven = log::verify_receipt(receipted.leaf, *receipt, log);
    if (!proven) return log::fail(proven.error());
    return ProvenReceipt{leaf->statement, *std::move(record), proven->index, receipt->checkpoint};
}

}  // namespace kesher::kit
