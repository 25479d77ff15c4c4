// Whether the writer could keep a promise now: its key signs, and its session with the database commits.
#pragma once

#include <string_view>

#include "audit/log/note.h"
#include "gateway/store/trial.h"

namespace kesher::sequencer {

enum class Trial { passed, key_does_not_sign, no_database, not_believed, takes_no_writes, has_no_room };
// For the operator: `the database takes no writes`.
[[nodiscard]] std::string_view text(Trial trial);

// What the log's key signs for it. A checkpoint has three lines, the log's name first
// (audit/log/checkpoint.h); this has one, and the signature stays in the process.
inline constexpr std::string_view kTrialText = "kesher/trial: a key is tried, nothing is promised\n";

// Throws DatabaseLost. Nothing is left of it (store/trial.h).
[[nodiscard]] Trial try_promise(const log::NoteSigner& signer, store::Connection& connection);

}  // namespace kesher::sequencer
