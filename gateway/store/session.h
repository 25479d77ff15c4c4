// Inside this room only: the libpq link under a Connection, with its waiting and its notices.
//
// All waiting goes through await_result(): non-blocking link, poll in both directions, a deadline.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/store/connection.h"

struct pg_conn;    // libpq's PGconn
struct pg_result;  // libpq's PGresult

namespace kesher::store {

struct LinkFinish {
    void operator()(pg_conn* link) const;
};

// What the server said of a failed command, without any value of it.
struct ServerError {
    bool fatal = false;  // the session ends with it, or libpq made it up for a lost link
    std::string sqlstate;
    std::string constraint;
    explicit ServerError(const pg_result& result);
};

// Pointers into Parameters, as libpq takes them.
struct WireParameters {
    std::vector<unsigned> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
    explicit WireParameters(const Parameters& parameters);
    [[nodiscard]] int count() const { return static_cast<int>(values.size()); }
};

class Connection::Session {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    explicit Session(const ConnectionSettings& settings);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] pg_conn* link();  // throws DatabaseLost once discarded
    [[nodiscard]] bool usable() const;
    [[nodiscard]] bool still_there();
    void discard() { link_.reset(); }
    // Discards the link and throws DatabaseLost.
    [[noreturn]] void lose(const std::string& reason);

    void prepare(const Statement& statement);
    // Every prepared statement finds its rows by an index and is planned once. Left to itself PostgreSQL
    // plans anew for every list of keys, which costs more than the statement, and reads whole tables while
    // their statistics say that they are small.
    void keep_plans();
    // Throws std::logic_error where the statement was not prepared or the types differ.
    void check(const Statement& statement, const Parameters& parameters) const;

    [[nodiscard]] Deadline deadline() const { return std::chrono::steady_clock::now() + answer_within_; }
    // True once PQgetResult will not block; false where the link broke or the deadline passed.
    [[nodiscard]] bool await_result(Deadline deadline);

    // Outside pipelines: all results of what was sent, the last of them returned. `sent` is what the
    // libpq function answered. Throws DatabaseLost, or DatabaseRefused with `name` in its text.
    ResultHandle finish(int sent, std::string_view name);

    // SQLSTATE of the first WARNING since the last forget_warnings().
    [[nodiscard]] const std::optional<std::string>& warning() const { return warning_; }
    void forget_warnings() { warning_.reset(); }

private:
    static void on_notice(void* session, const pg_result* notice);

    std::unique_ptr<pg_conn, LinkFinish> link_;
    std::chrono::milliseconds answer_within_;
    std::map<std::string, std::vector<unsigned>, std::less<>> prepared_;  // name -> parameter types
    std::optional<std::string> warning_;
};

}  // namespace kesher::store
