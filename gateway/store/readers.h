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
#include <utility>
#include <vector>

#include "gateway/store/connection.h"
#include "gateway/store/known_pseudonyms.h"

namespace kesher::store {

class Readers {
public:
    Readers(ConnectionSettings settings, std::vector<Statement> statements, std::size_t count);

    // Who may take how many of them, so that what must pass does not wait behind what anybody may ask: for
    // looking something up (cases, board, access, the log) half of them is not there, for what is exchanged
    // (submissions, the inbox, acknowledgements) the last quarter; a withdrawal may have every one.
    enum class For { looking, exchange, withdrawal };

    // Calls `read` with a connection; waits for a free one, as long as for an answer of the database, and a
    // withdrawal as long as it takes: who asks whether the hub has a message may rely on it that none
    // is on its way for minutes. Throws DatabaseLost, and what `read` throws.
    template <class Read>
    auto with(Read&& read, For what = For::exchange) {
        const Lent lent(*this, what);
        return read(*lent.connection);
    }

    template <class Read>
    auto look(Read&& read) {
        return with(std::forward<Read>(read), For::looking);
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
    [[nodiscard]] std::size_t left_by(For what) const;
    [[nodiscard]] std::unique_ptr<Connection> take(For what);
    void give_back(std::unique_ptr<Connection> connection);

    ConnectionSettings settings_;
    std::vector<Statement> statements_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t unopened_;
    const std::size_t count_;
    KnownPseudonyms pseudonyms_;
};

}  // namespace kesher::store
