// One session with PostgreSQL: opens, prepares its statements, runs single calls.
//
// A connection belongs to one thread. After any doubt about what the server did (link lost, no answer
// in time, a WARNING) it is thrown away for good: usable() is false and every further call throws
// DatabaseLost. Nobody reconnects behind the caller's back, because whoever held facts in memory must
// first load them again. Waiting is always bounded by answer_within.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/parameters.h"
#include "gateway/store/rows.h"
#include "gateway/store/statement.h"

namespace kesher::store {

struct ConnectionSettings {
    std::string conninfo;  // libpq's own form: "host=/run/postgresql dbname=kesher user=kesher_hub"
    std::chrono::milliseconds answer_within = std::chrono::seconds{10};  // per call or pipeline
};

// The link is gone or mistrusted; what was asked may or may not have happened.
class DatabaseLost : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The server answered and refused; nothing of the call is stored and the connection stays usable.
// The text holds the statement's name, SQLSTATE and constraint, never a value (PostgreSQL's own
// DETAIL repeats keys, so it is not taken over).
class DatabaseRefused : public std::runtime_error {
public:
    DatabaseRefused(const std::string& what, std::string sqlstate);
    [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }

private:
    std::string sqlstate_;
};

class Connection {
public:
    // Throws DatabaseLost where no session comes about, DatabaseRefused where a statement does not
    // fit the schema (a migration is missing). Sets client_min_messages to warning, because a hidden
    // WARNING could hide a commit that no standby has.
    Connection(const ConnectionSettings& settings, std::span<const Statement> statements);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    // One call, one transaction, one round trip. Throws DatabaseLost or DatabaseRefused.
    Rows execute(const Statement& statement, const Parameters& parameters = {});

    // SQL of our own making with any number of commands (bootstrap and migrations only); more than
    // one command is one transaction unless the text says otherwise. Throws as execute() does.
    void script(std::string_view sql);

    // A statement that is run once: its text is sent with its values. For start-up checks.
    Rows query(std::string_view sql, const Parameters& parameters = {});

    [[nodiscard]] bool usable() const;
    // Of one that nobody is using: whether the server has not ended it meanwhile, as far as word of it has
    // come. Without a round trip.
    [[nodiscard]] bool still_there();
    [[nodiscard]] int backend_pid() const;     // 0 once thrown away
    [[nodiscard]] int server_version() const;  // 150020 is 15.20
    // Drops the session at once. The server may still finish what it was sent: see advisory_lock.h
    // for how the next session makes sure that it has.
    void discard();

    class Session;  // what Pipeline needs of libpq; session.h, only for this room
    [[nodiscard]] Session& session() { return *session_; }

private:
    std::unique_ptr<Session> session_;
};

}  // namespace kesher::store
