// How it is told that a table beside the log does not hold what the log decided: by table, column and leaf,
// never by anything that the row says, and with the way out. All throw LogBroken.
#pragma once

#include <string_view>

#include "gateway/sequencer/ledger.h"

namespace kesher::sequencer {

[[noreturn]] void refuse_column(std::string_view table, std::string_view column, contract::LeafIndex by);
[[noreturn]] void refuse_lost(std::string_view table, contract::LeafIndex by);
[[noreturn]] void refuse_unknown(std::string_view table);

// Holds each column of one row against what the leaf `by` left there.
class RowCheck {
public:
    RowCheck(std::string_view table, contract::LeafIndex by) : table_(table), by_(by) {}
    const RowCheck& holds(std::string_view column, bool same) const {
        if (!same) refuse_column(table_, column, by_);
        return *this;
    }

private:
    std::string_view table_;
    contract::LeafIndex by_;
};

}  // namespace kesher::sequencer
