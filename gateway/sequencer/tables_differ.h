// How it is told that a table beside the log does not hold what the log decided: by table, column and leaf,
// never by anything that the row says, and with the way out. All throw LogBroken.
#pragma once

#include <concepts>
#include <set>
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

// The leaf that a telling is of: it is one, names it, or is found under it.
template <class Key, class Value>
[[nodiscard]] contract::LeafIndex leaf_of(const Key& key, const Value& value) {
    if constexpr (std::same_as<Value, contract::LeafIndex>) {
        return value;
    } else if constexpr (requires { value.by; }) {
        return value.by;
    } else if constexpr (requires { value.index; }) {
        return value.index;
    } else {
        return key;
    }
}

// Every row has its telling, and every telling its row. `each_row` calls what it is given for every row.
template <class EachRow, class Told, class KeyOf, class Check>
void match_each(std::string_view table, EachRow each_row, const Told& told, KeyOf key_of, Check check) {
    std::set<typename Told::key_type> seen;
    each_row([&](const auto& row) {
        const auto found = told.find(key_of(row));
        if (found == told.end()) refuse_unknown(table);
        seen.insert(found->first);
        check(row, found->second);
    });
    if (seen.size() == told.size()) return;
    for (const auto& [key, value] : told) {
        if (!seen.contains(key)) refuse_lost(table, leaf_of(key, value));
    }
}

}  // namespace kesher::sequencer
