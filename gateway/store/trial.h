// A commit that leaves nothing: whether a decision would be stored now, found out by what storing one takes.
//
// One transaction, one round trip. The log's last entry is written once more, which its key turns into
// nothing: a session that may not write is refused before that, be it read-only, a standby's, or without the
// right. Some hundred kilobytes go into a temporary file beside the tables and away with it: a full disk has
// no room for it. And a record that belongs to no table goes into the write-ahead log, so that the commit
// waits for the disk, and for a standby, as any does. No row is left of it, not even a dead one: asked every
// few seconds for years it makes no table larger.
#pragma once

#include <span>

#include "gateway/store/connection.h"

namespace kesher::store {

enum class Trial { stored, takes_no_writes, has_no_room };

[[nodiscard]] std::span<const Statement> trial_statements();

// Throws DatabaseLost.
[[nodiscard]] Trial try_commit(Connection& connection);

}  // namespace kesher::store
