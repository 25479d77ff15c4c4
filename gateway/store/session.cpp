#include "gateway/store/session.h"

#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>

namespace kesher::store {
namespace {

std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string() : std::string(text);
}

// The reason why no session came about is libpq's own text: hosts and roles, never a value.
std::string trimmed_error(const PGconn* link) {
    std::string text = link == nullptr ? "out of memory" : PQerrorMessage(link);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

}  // namespace

void LinkFinish::operator()(pg_conn* link) const { PQfinish(link); }

ServerError::ServerError(const pg_result& result)
    : sqlstate(field(&result, PG_DIAG_SQLSTATE)), constraint(field(&result, PG_DIAG_CONSTRAINT_NAME)) {
    fatal = field(&result, PG_DIAG_SEVERITY_NONLOCALIZED) != "ERROR" || sqlstate.empty();
}

WireParameters::WireParameters(const Parameters& parameters) {
    for (const Parameters::Value& value : parameters.values()) {
        types.push_back(static_cast<unsigned>(value.type));
        // A null pointer is SQL's NULL to libpq, so an empty value needs an address all the same.
        const char* bytes = value.bytes.empty() ? "" : reinterpret_cast<const char*>(value.bytes.data());
        values.push_back(value.null ? nullptr : bytes);
        lengths.push_back(static_cast<int>(value.bytes.size()));
        formats.push_back(1);
    }
}

Connection::Session::Session(const ConnectionSettings& settings) : answer_within_(settings.answer_within) {
    // A later keyword beats an earlier one: the conninfo may set its own timeout, not the encoding.
    const char* const keywords[] = {"connect_timeout", "application_name", "dbname", "client_encoding",
                                    nullptr};
    const char* const values[] = {"5", "kesher", settings.conninfo.c_str(), "UTF8", nullptr};
    link_.reset(PQconnectdbParams(keywords, values, 1));
    if (PQstatus(link_.get()) != CONNECTION_OK) {
        lose("no session with PostgreSQL: " + trimmed_error(link_.get()));
    }
    PQsetNoticeReceiver(link_.get(), &Session::on_notice, this);
    if (PQsetnonblocking(link_.get(), 1) != 0) lose("the link to PostgreSQL cannot be made non-blocking");
    // pg_temp last: a temporary table never stands in for one of ours. The connection check lets a
    // backend notice that we gave it up, also while it waits for a lock.
    finish(PQsendQuery(link(),
                       "SET client_min_messages TO warning; SET search_path TO public, pg_temp; "
                       "SET client_connection_check_interval TO '2s'"),
           "session settings");
    forget_warnings();
}

pg_conn* Connection::Session::link() {
    if (!link_) throw DatabaseLost("this session with PostgreSQL was thrown away");
    return link_.get();
}

bool Connection::Session::usable() const { return link_ && PQstatus(link_.get()) == CONNECTION_OK; }

bool Connection::Session::still_there() {
    constexpr int kReads =
        4;  // a farewell and the end behind it; more than a few notices are no idle session
    for (int reads = 0; reads < kReads && usable(); ++reads) {
        pollfd wait{PQsocket(link_.get()), POLLIN, 0};
        if (::poll(&wait, 1, 0) == 0) return true;
        if (PQconsumeInput(link_.get()) != 1) return false;
        (void)PQisBusy(link_.get());  // what came is read, a notice goes where notices go
    }
    return false;
}

void Connection::Session::lose(const std::string& reason) {
    discard();
    throw DatabaseLost(reason);
}

void Connection::Session::prepare(const Statement& statement) {
    const std::string name(statement.name);
    const std::string sql(statement.sql);
    finish(PQsendPrepare(link(), name.c_str(), sql.c_str(), 0, nullptr), name);
    const ResultHandle described = finish(PQsendDescribePrepared(link(), name.c_str()), name);
    std::vector<unsigned> types;
    for (int at = 0; at < PQnparams(described.get()); ++at) types.push_back(PQparamtype(described.get(), at));
    if (!prepared_.emplace(name, std::move(types)).second) {
        throw std::logic_error("two statements are called " + name);
    }
}

void Connection::Session::keep_plans() {
    // A scan that has no index costs too much for the planner then, and would be compiled: hence no JIT.
    finish(
        PQsendQuery(link(),
                    "SET plan_cache_mode TO force_generic_plan; SET enable_seqscan TO off; SET jit TO off"),
        "session settings");
    forget_warnings();
}

void Connection::Session::check(const Statement& statement, const Parameters& parameters) const {
    const std::string name(statement.name);
    const auto found = prepared_.find(name);
    if (found == prepared_.end()) throw std::logic_error("the statement was not prepared: " + name);
    const std::vector<unsigned>& expected = found->second;
    if (expected.size() != parameters.values().size()) {
        throw std::logic_error(name + " takes " + std::to_string(expected.size()) + " parameters");
    }
    for (std::size_t at = 0; at < expected.size(); ++at) {
        const Parameters::Value& given = parameters.values()[at];
        if (given.null || static_cast<unsigned>(given.type) == expected[at]) continue;
        throw std::logic_error(name + ": $" + std::to_string(at + 1) + " has type " +
                               std::to_string(expected[at]) + " of pg_type");
    }
}

bool Connection::Session::await_result(Deadline deadline) {
    using std::chrono::milliseconds;
    for (;;) {
        const int unsent = PQflush(link());
        if (unsent < 0) return false;
        if (PQisBusy(link()) == 0) return true;
        const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left <= milliseconds::zero()) return false;
        // Both directions at once: a server that waits for us to read never reads what we send.
        const short events = unsent > 0 ? POLLIN | POLLOUT : POLLIN;
        pollfd wait{PQsocket(link()), events, 0};
        if (wait.fd < 0) return false;
        const int ready = ::poll(&wait, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno != EINTR) return false;
        if (ready > 0 && (wait.revents & ~POLLOUT) != 0 && PQconsumeInput(link()) == 0) return false;
    }
}

ResultHandle Connection::Session::finish(int sent, std::string_view name) {
    const std::string what(name);
    if (sent != 1) lose("PostgreSQL takes no more commands: " + what);
    const Deadline until = deadline();
    ResultHandle last;
    std::optional<ServerError> error;
    for (;;) {
        if (!await_result(until)) lose("PostgreSQL did not answer in time, or the link broke: " + what);
        ResultHandle next(PQgetResult(link()));
        if (!next) break;
        const ExecStatusType status = PQresultStatus(next.get());
        if (status == PGRES_FATAL_ERROR && !error) error.emplace(*next);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            lose("COPY is not for this connection: " + what);
        }
        last = std::move(next);
    }
    const bool broken = PQstatus(link()) != CONNECTION_OK || (error && error->fatal) || !last;
    if (broken) lose("the session with PostgreSQL ended: " + what);
    if (error) {
        throw DatabaseRefused(what + " was refused with SQLSTATE " + error->sqlstate +
                                  (error->constraint.empty() ? "" : " by " + error->constraint),
                              error->sqlstate);
    }
    if (warning_) lose("PostgreSQL sent WARNING " + *warning_ + ", so it may not be stored: " + what);
    return last;
}

// A WARNING is how the server says that a commit stands, but not where it should
// ("canceling wait for synchronous replication"). What has no SQLSTATE comes from libpq itself and
// means that the protocol went astray.
void Connection::Session::on_notice(void* session, const pg_result* notice) {
    auto& self = *static_cast<Session*>(session);
    const std::string severity = field(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    std::string sqlstate = field(notice, PG_DIAG_SQLSTATE);
    if (severity != "WARNING" && !sqlstate.empty()) return;
    if (!self.warning_) self.warning_ = sqlstate.empty() ? "of the protocol" : std::move(sqlstate);
}

}  // namespace kesher::store
