#include "gateway/sequencer/tables_differ.h"

namespace kesher::sequencer {
namespace {

constexpr std::string_view kWayOut =
    " The log itself is whole; the table was changed behind the hub's back, and nobody is served from it. "
    "Nothing was changed now. Find out who can write to this database, then put the row back from a backup "
    "or restore the whole database.";

[[noreturn]] void refuse(std::string what) { throw LogBroken(what.append(kWayOut)); }

std::string entry(contract::LeafIndex by) { return "entry " + std::to_string(contract::number(by)); }

}  // namespace

void refuse_column(std::string_view table, std::string_view column, contract::LeafIndex by) {
    refuse("The table " + std::string(table) + " does not hold in its column " + std::string(column) +
           " what " + entry(by) + " of the log decided.");
}

void refuse_lost(std::string_view table, contract::LeafIndex by) {
    refuse("The table " + std::string(table) + " has lost a row that " + entry(by) + " of the log decided.");
}

void refuse_unknown(std::string_view table) {
    refuse("The table " + std::string(table) + " holds a row that no entry of the log tells of.");
}

}  // namespace kesher::sequencer
