#include "gateway/sequencer/sequencer.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "gateway/sequencer/known_parties.h"
#include "gateway/sequencer/last_word.h"
#include "gateway/sequencer/tables_check.h"
#include "gateway/store/advisory_lock.h"
#include "gateway/store/durability.h"
#include "gateway/store/key_checks.h"
#include "gateway/store/statistics.h"

namespace kesher::sequencer {
namespace {

using namespace contract;
using namespace std::chrono_literals;

constexpr auto kReconnectPause = 200ms;
constexpr auto kLockWait = 5s;
constexpr auto kIdleReopen = 2s;

struct Queued {
    std::shared_ptr<Request> request;
    std::promise<Answer> answer;
};
using Batch = std::vector<Queued>;

// An earlier receipt, asked for outside any decision; it takes its turn in the queue because the
// tree belongs to the sequencer's thread.
class ReceiptRequest final : public Request {
public:
    explicit ReceiptRequest(LeafIndex index) : index_(index) {}
    void want(Wanted&) const override {}
    Answer decide(Turn&) override {
        return {.code = {}, .repeated = true, .leaf = index_, .receipt = {}, .at = {}};
    }

private:
    LeafIndex index_;
};

Answer refusal(Code code) { return {.code = code, .repeated = false, .leaf = {}, .receipt = {}, .at = {}}; }

constexpr std::array kBatchBounds{1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0};

}  // namespace

struct Sequencer::State {
    SequencerSettings settings;
    Means means;
    const log::NoteSigner& signer;
    const catalogue::Catalogue& catalogue;
    telemetry::Log& log;
    telemetry::Gauge& queue_length;
    telemetry::Histogram& batch_size;
    telemetry::Histogram& commit_time;
    telemetry::Counter& doubts;
    telemetry::JobHealth& health;

    std::mutex mutex;
    std::condition_variable filled;
    std::deque<Queued> first;
    std::deque<Queued> ordinary;
    std::vector<std::promise<Trial>> trials;  // who wants to know whether a promise could be kept
    bool stopping = false;

    mutable std::mutex published_mutex;
    std::shared_ptr<const Registry> published;
    std::atomic<bool> ready{false};
    std::atomic<Trial> unready{Trial::no_database};  // why, while it is not

    std::unique_ptr<store::Connection> connection;
    std::optional<store::SequencerLock> lock;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<Registry> registry;
    std::optional<std::string> promised;  // the last checkpoint that anybody may have seen
    std::optional<KnownParties> parties;
    KnownSlots known_slots;
    std::optional<IdsInUse> in_use;
    std::unique_ptr<CheckpointFile> kept;
    std::thread thread;

    State(SequencerSettings s, Means m, const log::NoteSigner& n, const catalogue::Catalogue& c,
          telemetry::Log& l, telemetry::Metrics& metrics)
        : settings(std::move(s)),
          means(std::move(m)),
          signer(n),
          catalogue(c),
          log(l),
          queue_length(metrics.gauge("kesher_sequencer_queue", "Requests that wait for a decision.")),
          batch_size(metrics.histogram("kesher_sequencer_batch_requests", "Requests decided together.",
                                       kBatchBounds)),
          commit_time(metrics.histogram("kesher_sequencer_commit_seconds", "Time of one commit.",
                                        telemetry::latency_bounds())),
          doubts(metrics.counter("kesher_sequencer_doubts_total",
                                 "Commits of unknown outcome; all was loaded again.")),
          health(metrics.job("sequencer")) {
        if (settings.checkpoint_file.empty()) return;
        promised = read_checkpoint_file(settings.checkpoint_file);
        kept =
            std::make_unique<CheckpointFile>(settings.checkpoint_file, log, metrics.job("checkpoint_file"));
    }

    Instant now() const {
        return settings.now ? settings.now()
                            : std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }

    void publish() {
        auto copy = std::make_shared<const Registry>(*registry);
        const std::scoped_lock hold(published_mutex);
        published = std::move(copy);
    }

    // Who could only read decides nothing: whoever sends is told `unavailable`, as without a database. One
    // without room is taken: what fits is still stored, and her withdrawal may be what fits.
    void require_writes() {
        if (store::try_commit(*connection) != store::Trial::takes_no_writes) return;
        unready = Trial::takes_no_writes;
        throw store::DatabaseLost("PostgreSQL takes no writes of this session");
    }

    // The lock first, with the new session: the server frees it only when the old one's commit is
    // done or undone. Only then is what is stored the truth.
    bool open_world(bool whole) {
        close_world();
        unready = Trial::no_database;
        const auto statements = all_statements();
        connection = std::make_unique<store::Connection>(settings.database, statements);
        auto taken = store::SequencerLock::take(*connection, kLockWait);
        if (taken) lock.emplace(*std::move(taken));
        if (!lock) {
            connection.reset();
            return false;
        }
        require_writes();
        TablesCheck tables;
        ledger = std::make_unique<Ledger>(Ledger::open(
            *connection, signer, whole, [&tables](const store::LogEntry& entry) { tables.take(entry); }));
        // Before the tables: of an older log they cannot but say something else.
        if (promised) require_kept(*ledger, signer.key(), *promised, settings.checkpoint_file.string());
        const store::StoredRegistry stored = store::load_registry(*connection);
        const Instant at = std::max(now(), ledger->last_at());
        if (whole) {
            tables.require_parties(stored);
            parties.emplace(tables.parties(), ledger->size());
        }
        // Whoever stored something meanwhile, or a commit of ours of which nothing was heard: no row is
        // without its leaf.
        if (whole || parties->size() != ledger->size()) in_use.reset();
        parties->require(*connection, *ledger, stored);
        if (!in_use) in_use = IdsInUse::stored(*connection);
        registry = std::make_unique<Registry>(Registry::from(stored, catalogue, means.log_origin, at));
        if (whole) tables.require_cases(*connection, means, at);
        if (whole && kept && !promised && contract::number(ledger->size()) > 0) {
            log.write(telemetry::Level::warning, "checkpoint_file", {{"found", false}});
        }
        if (whole) require_witnessed(*ledger, *connection, *registry);
        publish();
        ready = true;
        return true;
    }

    void close_world() {
        ready = false;
        known_slots.forget();
        registry.reset();
        ledger.reset();
        lock.reset();
        connection.reset();
    }

    bool try_reopen() {
        try {
            return open_world(false);
        } catch (const store::DatabaseLost& lost) {
            close_world();
            tell_lost(lost);
        } catch (const std::exception& fault) {
            close_world();
            unready = Trial::not_believed;
            log.write(telemetry::Level::error, "sequencer_stopped",
                      {{"reason", telemetry::Diagnostic{fault.what()}}});
        }
        return false;
    }

    // Under the mutex. Also where something comes: while the database hangs nothing is taken, and just then
    // an operator looks.
    void show_queue() { queue_length.set(static_cast<std::int64_t>(first.size() + ordinary.size())); }

    Batch take_batch() {
        std::unique_lock hold(mutex);
        const auto something = [&] {
            return stopping || !first.empty() || !ordinary.empty() || !trials.empty();
        };
        // A hub without its database is not ready, so that nobody may ask it: it looks for it by itself.
        if (ledger) {
            filled.wait(hold, something);
        } else {
            filled.wait_for(hold, kIdleReopen, something);
        }
        Batch batch;
        std::size_t bytes = 0;
        for (auto* lane : {&first, &ordinary}) {
            while (!lane->empty() && batch.size() < settings.batch_requests) {
                const std::size_t more = lane->front().request->bytes();
                if (!batch.empty() && bytes + more > limits::kBatchBytes) break;
                bytes += more;
                batch.push_back(std::move(lane->front()));
                lane->pop_front();
            }
            if (!lane->empty()) break;  // a small request does not overtake a withdrawal that had no room
        }
        show_queue();
        return batch;
    }

    void work() {
        for (;;) {
            Batch batch = take_batch();
            const bool stops = batch.empty() && is_stopping();
            if (batch.empty()) {
                if (!ledger && !stops) (void)try_reopen();
            } else if (!ledger && !try_reopen()) {
                for (Queued& queued : batch) queued.answer.set_value(refusal(Code::unavailable));
                std::this_thread::sleep_for(kReconnectPause);
            } else {
                process(std::move(batch));
            }
            answer_trials();  // after what waited for a decision
            if (stops) return;
        }
    }

    void answer_trials() {
        std::vector<std::promise<Trial>> waiting;
        {
            const std::scoped_lock hold(mutex);
            waiting.swap(trials);
        }
        if (waiting.empty()) return;
        const Trial tried = try_session();
        for (std::promise<Trial>& each : waiting) each.set_value(tried);
    }

    // A session that the server ended meanwhile is replaced, before anybody has needed it. Nothing was
    // decided, so there is no doubt about anything.
    Trial try_session() {
        if (ledger && !connection->still_there()) {
            close_world();
            tell_lost(store::DatabaseLost("PostgreSQL ended the session while nobody used it"));
        }
        if (!ledger && !try_reopen()) return unready;
        try {
            const Trial tried = try_promise(signer, *connection);
            if (tried == Trial::passed) return tried;
            log.write(telemetry::Level::error, "trial_failed",
                      {{"reason", telemetry::Diagnostic{std::string(text(tried))}}});
            if (tried == Trial::takes_no_writes) {  // another session may find a server that takes them
                close_world();
                unready = tried;
            }
            return tried;
        } catch (const store::DatabaseLost& lost) {
            close_world();
            tell_lost(lost);
            return Trial::no_database;
        }
    }

    void tell_lost(const store::DatabaseLost& lost) {
        log.write(telemetry::Level::warning, "database_lost",
                  {{"reason", telemetry::Diagnostic{lost.what()}}});
    }

    bool is_stopping() {
        const std::scoped_lock hold(mutex);
        return stopping;
    }

    enum class Fate { answered, doubtful, faulty };

    // A batch that fails for a reason of ours is tried again one by one, so that one request cannot
    // take the others with it; the culprit alone is answered `internal`.
    void process(Batch batch) {
        const bool alone = batch.size() == 1;
        const Fate fate = attempt(batch);
        if (fate == Fate::answered) return;
        close_world();
        if (fate == Fate::doubtful) {
            doubts.add();
            for (Queued& queued : batch) queued.answer.set_value(refusal(Code::unavailable));
            return;
        }
        if (alone) {
            batch.front().answer.set_value(refusal(Code::internal));
            return;
        }
        for (Queued& queued : batch) {
            Batch one;
            one.push_back(std::move(queued));
            if (!ledger && !try_reopen()) {
                one.front().answer.set_value(refusal(Code::unavailable));
                continue;
            }
            process(std::move(one));
        }
    }

    Fate attempt(Batch& batch) {
        try {
            return decide_and_commit(batch);
        } catch (const store::DatabaseLost& lost) {
            tell_lost(lost);
            return Fate::doubtful;
        } catch (const std::exception& fault) {
            log.write(telemetry::Level::error, "batch_failed",
                      {{"requests", batch.size()}, {"reason", telemetry::Diagnostic{fault.what()}}});
            return Fate::faulty;
        }
    }

    bool loaded(const store::Outcome& outcome) {
        if (std::holds_alternative<store::Replies>(outcome)) return true;
        if (const auto* doubt = std::get_if<store::Doubt>(&outcome)) throw store::DatabaseLost(doubt->reason);
        const auto& refused = std::get<store::Refused>(outcome);
        throw std::runtime_error("statement " + refused.statement + " was refused: " + refused.sqlstate +
                                 " " + refused.constraint);
    }

    Facts load(const Batch& batch) {
        Facts facts;
        load_rounds(batch, facts);
        facts.know_looked_at(means.sealed_store);
        return facts;
    }

    // Round after round until nobody wants more; nothing is asked for twice.
    void load_rounds(const Batch& batch, Facts& facts) {
        Wanted asked;
        Wanted wanted;
        for (const Queued& queued : batch) queued.request->want(wanted);
        facts.recall(known_slots, wanted);
        for (;;) {
            wanted.settle();
            wanted.remove(asked);
            wanted.keep_used(*in_use);
            if (wanted.empty()) return;
            loaded(facts.load(*connection, wanted, now()));
            Wanted more;
            for (const Queued& queued : batch) queued.request->want_more(facts, means, more);
            if (more.empty()) return;  // as almost always: what was asked need not be remembered
            asked.add(wanted);
            asked.settle();
            wanted = std::move(more);
        }
    }

    Fate decide_and_commit(Batch& batch) {
        Facts facts = load(batch);
        const Instant at = std::max(now(), ledger->last_at());
        std::vector<Turn> turns;
        std::vector<Answer> answers;
        turns.reserve(batch.size());
        for (Queued& queued : batch) {
            turns.emplace_back(facts, *registry, *ledger, means, at);
            answers.push_back(queued.request->decide(turns.back()));
            answers.back().at = at;
        }
        commit(facts);
        std::move(facts).remember(known_slots);
        hand_out(batch, turns, answers);
        return Fate::answered;
    }

    void commit(Facts& facts) {
        facts.add_to(*in_use);
        store::Pipeline transaction(*connection);
        std::move(facts).write(transaction);
        if (ledger->has_new()) ledger->seal(transaction);
        const auto started = std::chrono::steady_clock::now();
        loaded(transaction.run());
        commit_time.observe(std::chrono::steady_clock::now() - started);
        if (!ledger->has_new()) return;
        promised = ledger->newest_note();
        if (kept) kept->committed(*promised);
    }

    void hand_out(Batch& batch, std::vector<Turn>& turns, std::vector<Answer>& answers) {
        std::vector<Receipted> receipts = ledger->take_receipts();
        auto next = receipts.begin();
        bool changed = false;
        std::vector<OrganisationId> woken;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            std::vector<Receipted> own;
            for (std::size_t n = 0; n < turns[i].leaves().size(); ++n) own.push_back(std::move(*next++));
            complete(answers[i], own);
            if (turns[i].has_changed_registry()) {
                for (const Receipted& leaf : own) parties->take(leaf);
            }
            batch[i].request->committed(std::move(own));
            changed = changed || turns[i].has_changed_registry();
            woken.insert(woken.end(), turns[i].woken().begin(), turns[i].woken().end());
        }
        parties->reached(ledger->size());
        if (changed) publish();
        batch_size.observe(static_cast<double>(batch.size()));
        health.succeeded();
        for (std::size_t i = 0; i < batch.size(); ++i) batch[i].answer.set_value(std::move(answers[i]));
        std::sort(woken.begin(), woken.end());
        woken.erase(std::unique(woken.begin(), woken.end()), woken.end());
        if (settings.on_arrival) {
            for (const OrganisationId& organisation : woken) settings.on_arrival(organisation);
        }
    }

    void complete(Answer& answer, const std::vector<Receipted>& own) {
        if (!answer.leaf) return;
        for (const Receipted& receipted : own) {
            if (receipted.index == *answer.leaf) answer.receipt = receipted;
        }
        if (!answer.receipt) answer.receipt = ledger->first_receipt(*answer.leaf);
    }

    Answer run(const std::shared_ptr<Request>& request) {
        std::future<Answer> future;
        {
            const std::scoped_lock hold(mutex);
            if (stopping) return refusal(Code::unavailable);
            const bool urgent = request->lane() == Lane::first;
            if (!urgent && ordinary.size() >= settings.queue_requests) return refusal(Code::busy);
            auto& lane = urgent ? first : ordinary;
            lane.push_back({request, {}});
            show_queue();
            future = lane.back().answer.get_future();
        }
        filled.notify_one();
        return future.get();
    }

    Trial trial() {
        std::future<Trial> future;
        {
            const std::scoped_lock hold(mutex);
            if (stopping || !ready) return unready;
            future = trials.emplace_back().get_future();
        }
        filled.notify_one();
        return future.get();
    }
};

Sequencer::Sequencer(SequencerSettings settings, Means means, const log::NoteSigner& signer,
                     const catalogue::Catalogue& catalogue, telemetry::Log& log, telemetry::Metrics& metrics)
    : state_(
          std::make_unique<State>(std::move(settings), std::move(means), signer, catalogue, log, metrics)) {
    if (!state_->open_world(true)) {
        throw std::runtime_error(
            "Another hub holds this database: only one may sequence. Stop it, or wait until it has ended.");
    }
    const Instant last = state_->ledger->last_at();
    if (last > state_->now() + limits::kClockAhead) {
        throw std::runtime_error("The log's last entry is of " + contract::text(last) +
                                 ", more than 300 s ahead of this clock. Set the clock, then start again.");
    }
    state_->thread = std::thread([state = state_.get()] { state->work(); });
}

Sequencer::~Sequencer() {
    {
        const std::scoped_lock hold(state_->mutex);
        state_->stopping = true;
    }
    state_->filled.notify_all();
    if (state_->thread.joinable()) state_->thread.join();
    state_->close_world();
}

Answer Sequencer::run(const std::shared_ptr<Request>& request) { return state_->run(request); }

std::shared_ptr<const Registry> Sequencer::registry() const {
    const std::scoped_lock hold(state_->published_mutex);
    return state_->published;
}

Instant Sequencer::now() const { return state_->now(); }

Trial Sequencer::trial() { return state_->trial(); }

std::optional<Receipted> Sequencer::first_receipt(LeafIndex index) {
    return run(std::make_shared<ReceiptRequest>(index)).receipt;
}

std::vector<store::Statement> all_statements() {
    std::vector<store::Statement> all;
    for (const auto statements :
         {store::log_statements(), store::message_statements(), store::case_statements(),
          store::consent_statements(), store::referral_statements(), store::delivery_statements(),
          store::organisation_statements(), store::key_check_statements(), store::statistics_statements(),
          store::trial_statements()}) {
        all.insert(all.end(), statements.begin(), statements.end());
    }
    return all;
}

}  // namespace kesher::sequencer
