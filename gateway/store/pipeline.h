// Several statements in one round trip and one transaction (libpq pipeline mode, one Sync).
//
// This class alone knows libpq's pipeline rules. All statements up to the Sync are one transaction:
// they are stored together or not at all, and no BEGIN is ever sent, so a failed run cannot leave a
// transaction open. The link is non-blocking and polled both ways, so full buffers on both sides
// cannot lock it up, and a backend that dies in the middle ends the wait instead of hanging it.
//
//     Pipeline batch(connection);
//     const auto consents = batch.add(kConsentsOf, Parameters{}.column(ids));
//     Outcome outcome = batch.run();
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "gateway/store/connection.h"

namespace kesher::store {

// Rows go in by arrays, so a batch of any size needs few statements.
inline constexpr std::size_t kStatementsPerSync = 64;

enum class Position : std::size_t {};  // of a statement in its pipeline

// Committed: the rows of each statement.
class Replies {
public:
    explicit Replies(std::vector<Rows> rows) : rows_(std::move(rows)) {}
    [[nodiscard]] const Rows& operator[](Position position) const {
        return rows_.at(static_cast<std::size_t>(position));
    }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }

private:
    std::vector<Rows> rows_;
};

// Rolled back as a whole, for certain; the connection is clean and usable.
struct Refused {
    std::string statement;   // name of the culprit; "commit" where a deferred constraint refused
    std::string sqlstate;    // 23505 is a duplicate key
    std::string constraint;  // where the server named one
};

// Nobody knows whether it was committed. The connection has been thrown away; load everything again
// (after SequencerLock was taken by the new session) before deciding anything.
struct Doubt {
    std::string reason;  // for the operator; holds no value of any statement
};

using Outcome = std::variant<Replies, Refused, Doubt>;

class Pipeline {
public:
    explicit Pipeline(Connection& connection) : connection_(&connection) {}

    // Throws std::logic_error for a statement that this connection has not prepared, parameters of
    // other types than its own, or one statement more than kStatementsPerSync.
    Position add(const Statement& statement, Parameters parameters = {});
    [[nodiscard]] std::size_t size() const { return calls_.size(); }

    // Once; an empty pipeline is Replies at no cost. Throws only where the connection was already
    // unusable before anything was sent (DatabaseLost).
    Outcome run();

private:
    struct Call {
        Statement statement;
        Parameters parameters;
    };
    Connection* connection_;
    std::vector<Call> calls_;
    bool has_run_ = false;
};

}  // namespace kesher::store
