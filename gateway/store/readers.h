// Connections for reading beside the sequencer's own: a fixed number, lent to one thread at a time.
//
// A lost one is replaced when it is asked for next, also where the server ended it while nobody used it;
// whoever held it gets DatabaseLost and answers `unavailable`. They write nothing but cosignatures, which are
// no decision: the single writer does all else.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "gateway/store/connection.h"
#include "gateway/store/known_pseudonyms.h"

namespace kesher::store {

class Readers {
public:
    Readers(ConnectionSettings settings, std::vector<Statement> statements, std::size_t count);

    // For ordinary calls the last quarter is not there: a withdrawal must not wait behind what anybody may
    // ask.
    enum class For { ordinary, withdrawal };

    // Calls `read` with a connection; waits for a free one. Throws DatabaseLost, and what `read` throws.
    template <class Read>
    auto with(Read&& read, For what = For::ordinary) {
        const Lent lent(*this, what);
        return read(*lent.connection);
    }

    // What they read of pseudonyms, kept beside them.
    [[nodiscard]] KnownPseudonyms& pseudonyms() { return pseudonyms_; }

private:
    struct Lent {
        Lent(Readers& from, For what) : readers(from), connection(from.take(what)) {}
        ~Lent() { readers.give_back(std::move(connection)); }
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        Readers& readers;
        std::unique_ptr<Connection> connection;
    };
    [[nodiscard]] std::unique_ptr<Connection> take(For what);
    void give_back(std::unique_ptr<Connection> connection);

    ConnectionSettings settings_;
    std::vector<Statement> statements_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t unopened_;
    const std::size_t kept_;  // for withdrawals
    KnownPseudonyms pseudonyms_;
};

}  // namespace kesher::store
