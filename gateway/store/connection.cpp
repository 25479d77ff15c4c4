#include "gateway/store/connection.h"

#include <libpq-fe.h>

#include "gateway/store/session.h"

namespace kesher::store {

DatabaseRefused::DatabaseRefused(const std::string& what, std::string sqlstate)
    : std::runtime_error(what), sqlstate_(std::move(sqlstate)) {}

Connection::Connection(const ConnectionSettings& settings, std::span<const Statement> statements)
    : session_(std::make_unique<Session>(settings)) {
    for (const Statement& statement : statements) session_->prepare(statement);
    if (!statements.empty()) session_->keep_plans();
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Rows Connection::execute(const Statement& statement, const Parameters& parameters) {
    session_->check(statement, parameters);
    session_->forget_warnings();
    const WireParameters wire(parameters);
    const std::string name(statement.name);
    return Rows(
        session_->finish(PQsendQueryPrepared(session_->link(), name.c_str(), wire.count(), wire.values.data(),
                                             wire.lengths.data(), wire.formats.data(), 1),
                         name));
}

void Connection::script(std::string_view sql) {
    session_->forget_warnings();
    try {
        session_->finish(PQsendQuery(session_->link(), std::string(sql).c_str()), "script");
    } catch (const DatabaseRefused&) {
        // A text with its own BEGIN leaves its failed transaction open, and the next call would get 25P02.
        if (PQtransactionStatus(session_->link()) != PQTRANS_IDLE) {
            session_->finish(PQsendQuery(session_->link(), "ROLLBACK"), "rollback");
        }
        throw;
    }
}

Rows Connection::query(std::string_view sql, const Parameters& parameters) {
    session_->forget_warnings();
    const WireParameters wire(parameters);
    return Rows(session_->finish(
        PQsendQueryParams(session_->link(), std::string(sql).c_str(), wire.count(), wire.types.data(),
                          wire.values.data(), wire.lengths.data(), wire.formats.data(), 1),
        "query"));
}

bool Connection::usable() const { return session_->usable(); }

bool Connection::still_there() { return session_->still_there(); }

int Connection::backend_pid() const { return session_->usable() ? PQbackendPID(session_->link()) : 0; }

int Connection::server_version() const { return PQserverVersion(session_->link()); }

void Connection::discard() { session_->discard(); }

}  // namespace kesher::store
