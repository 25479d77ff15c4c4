// At most one sequencer a database: the lock that its session holds for as long as it lives.
//
// It ends with the session, so a hub that was killed leaves none behind and the waiting one takes
// over. It also ends a doubt: the server frees it only when the old session's backend is gone, its
// commit done or undone. So take it with a new session FIRST, and load what is stored only then.
// (PRIMARY KEY (idx) of log_entry is the check behind it, should a lock ever fail to hold.)
#pragma once

#include <chrono>
#include <optional>

#include "gateway/store/connection.h"

namespace kesher::store {

class SequencerLock {
public:
    // Nothing where another session holds it. Throws DatabaseLost.
    [[nodiscard]] static std::optional<SequencerLock> try_take(Connection& connection);
    // Tries again until it is free or `within` has passed.
    [[nodiscard]] static std::optional<SequencerLock> take(Connection& connection,
                                                           std::chrono::milliseconds within);

    // Frees it where the session still lives.
    ~SequencerLock();
    SequencerLock(SequencerLock&& other) noexcept;
    SequencerLock& operator=(SequencerLock&&) = delete;

private:
    explicit SequencerLock(Connection& connection) : connection_(&connection) {}
    Connection* connection_;  // outlives the lock
};

}  // namespace kesher::store
