#include "gateway/store/pipeline.h"

#include <libpq-fe.h>

#include <optional>
#include <stdexcept>
#include <utility>

#include "gateway/store/session.h"

namespace kesher::store {
namespace {

// libpq answers NULL between two statements. Three in a row mean that the link died and the Sync's
// own result, which a naive loop waits for, will never come.
constexpr int kNullsOfADeadLink = 3;

// Everything one Sync brought back, before it is judged.
struct Harvest {
    std::vector<Rows> rows;
    std::optional<ServerError> error;
    std::size_t error_at = 0;  // which statement; the number of statements where it was the commit
    bool synced = false;
    std::string broken;  // why reading stopped, where it stopped early
};

// One result into the harvest; false where nothing good can follow.
bool sort_in(Harvest& harvest, ResultHandle result) {
    const ExecStatusType status = PQresultStatus(result.get());
    switch (status) {
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
            harvest.rows.emplace_back(std::move(result));
            return true;
        case PGRES_FATAL_ERROR:
            if (!harvest.error) {
                harvest.error.emplace(*result);
                harvest.error_at = harvest.rows.size();
            }
            return true;
        case PGRES_PIPELINE_ABORTED:
            return true;  // after the culprit; its Sync still comes
        case PGRES_PIPELINE_SYNC:
            harvest.synced = true;
            return true;
        default:
            harvest.broken = "an answer of a kind that no statement of ours has";
            return false;
    }
}

Harvest read_to_sync(Connection::Session& session) {
    Harvest harvest;
    const auto deadline = session.deadline();
    int nulls = 0;
    while (!harvest.synced) {
        if (!session.await_result(deadline)) {
            harvest.broken = "no answer in time, or the link broke";
            break;
        }
        ResultHandle result(PQgetResult(session.link()));
        if (result) {
            nulls = 0;
            if (!sort_in(harvest, std::move(result))) break;
        } else if (++nulls == kNullsOfADeadLink || PQstatus(session.link()) != CONNECTION_OK) {
            harvest.broken = "the session ended before its commit was confirmed";
            break;
        }
    }
    return harvest;
}

// At the commit itself only a constraint (class 23) or a conflict of transactions (class 40) surely
// undid everything; any other error there leaves the outcome open.
bool surely_undone(const Harvest& harvest, std::size_t statements) {
    if (!harvest.error || harvest.error->fatal) return false;
    if (harvest.error_at < statements) return true;
    return harvest.error->sqlstate.starts_with("23") || harvest.error->sqlstate.starts_with("40");
}

bool send(PGconn* link, const Statement& statement, const Parameters& parameters) {
    const WireParameters wire(parameters);
    return PQsendQueryPrepared(link, std::string(statement.name).c_str(), wire.count(), wire.values.data(),
                               wire.lengths.data(), wire.formats.data(), 1) == 1;
}

Doubt doubt(Connection& connection, std::string reason) {
    connection.discard();
    return Doubt{std::move(reason)};
}

}  // namespace

Position Pipeline::add(const Statement& statement, Parameters parameters) {
    if (has_run_) throw std::logic_error("a pipeline runs once");
    if (calls_.size() == kStatementsPerSync) throw std::logic_error("a pipeline has at most 64 statements");
    connection_->session().check(statement, parameters);
    calls_.push_back({statement, std::move(parameters)});
    return Position{calls_.size() - 1};
}

Outcome Pipeline::run() {
    if (std::exchange(has_run_, true)) throw std::logic_error("a pipeline runs once");
    if (calls_.empty()) return Replies({});
    Connection::Session& session = connection_->session();
    PGconn* const link = session.link();
    session.forget_warnings();

    bool sent = PQenterPipelineMode(link) == 1;
    for (const Call& call : calls_) sent = sent && send(link, call.statement, call.parameters);
    sent = sent && PQpipelineSync(link) == 1;
    if (!sent) return doubt(*connection_, "the link broke while sending");

    Harvest harvest = read_to_sync(session);
    if (!harvest.synced) return doubt(*connection_, std::move(harvest.broken));
    if (PQexitPipelineMode(link) != 1 || PQtransactionStatus(link) != PQTRANS_IDLE) {
        return doubt(*connection_, "the session is not at rest after its commit");
    }
    if (surely_undone(harvest, calls_.size())) {
        const bool at_commit = harvest.error_at == calls_.size();
        return Refused{at_commit ? "commit" : std::string(calls_[harvest.error_at].statement.name),
                       harvest.error->sqlstate, harvest.error->constraint};
    }
    if (harvest.error) return doubt(*connection_, "SQLSTATE " + harvest.error->sqlstate + " at the commit");
    if (session.warning()) return doubt(*connection_, "WARNING " + *session.warning() + " before the commit");
    if (harvest.rows.size() != calls_.size()) return doubt(*connection_, "answers are missing");
    return Replies(std::move(harvest.rows));
}

}  // namespace kesher::store
