// The single writer: takes all that waits, decides each in turn, commits all of it at once, answers.
//
// One thread, one connection, one transaction a batch; while a commit runs the next batch fills
// itself, so there is no timer. Withdrawals, revocations and freezes are decided first. Nobody is
// answered before the commit; after any doubt about it (a WARNING too) nothing in memory is believed:
// all is loaded again from storage and the callers get `unavailable`, which is safe to repeat.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "gateway/sequencer/request.h"
#include "gateway/sequencer/trial.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"
#include "schemas/contract/limits.h"

namespace kesher::sequencer {

// The database is away while something was read; nothing was decided.
using StorageLost = store::DatabaseLost;

struct SequencerSettings {
    store::ConnectionSettings database;
    std::size_t batch_requests = contract::limits::kBatchRequests;
    std::size_t queue_requests = contract::limits::kQueueRequests;
    // Where the last signed checkpoint is kept apart from the database; empty: nowhere.
    std::filesystem::path checkpoint_file{};
    // Called with the commit of each batch that brought something to these organisations.
    std::function<void(const contract::OrganisationId&)> on_arrival{};
    // The clock, for tests that move it.
    std::function<contract::Instant()> now{};
};

class Sequencer {
public:
    // Takes the lock, opens the log (`LogBroken`, or std::runtime_error with a sentence for the
    // operator), loads the registry, then starts its thread.
    Sequencer(SequencerSettings settings, Means means, const log::NoteSigner& signer,
              const catalogue::Catalogue& catalogue, telemetry::Log& log, telemetry::Metrics& metrics);
    ~Sequencer();  // decides what is queued, then ends
    Sequencer(const Sequencer&) = delete;
    Sequencer& operator=(const Sequencer&) = delete;

    // Waits for the commit. `busy` where the queue is full (never in the first lane), `unavailable`
    // where the outcome is unknown, `internal` for a fault of ours: none of them was logged.
    [[nodiscard]] Answer run(const std::shared_ptr<Request>& request);

    [[nodiscard]] std::shared_ptr<const Registry> registry() const;
    [[nodiscard]] contract::Instant now() const;
    // Whether a promise could be kept now, tried on its own thread, with its own session, between two
    // batches: waits for its turn. Without a database it says why at once and asks for nothing: it looks for
    // one by itself.
    [[nodiscard]] Trial trial();
    // Of an older leaf, as it was first given. Runs through the queue, so it waits its turn.
    [[nodiscard]] std::optional<Receipted> first_receipt(contract::LeafIndex index);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Every statement the hub's connections may run.
[[nodiscard]] std::vector<store::Statement> all_statements();

}  // namespace kesher::sequencer
