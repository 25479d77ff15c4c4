// The table of contract.md 1: which claims each message type has, and to whom it may go. For this
// room's sources, and for a writer that must know before it signs.
#pragma once

#include "schemas/statement/statement.h"

namespace kesher::statement {

// True where the statement has exactly the claims of its type, for the parties it may have, with lists in
// order. The reader asks it of every statement, the writer of every statement it is to sign.
[[nodiscard]] bool fits_contract(const Statement& statement);

}  // namespace kesher::statement
