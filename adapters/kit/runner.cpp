#include "adapters/kit/runner.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "adapters/kit/intake.h"
#include "adapters/kit/native_guard.h"
#include "adapters/kit/own_profile.h"
#include "adapters/kit/retry.h"
#include "adapters/kit/sender.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::Instant;
using telemetry::Level;

// The first look again at a directory in which somebody is missing; each next one comes twice as late.
constexpr std::chrono::seconds kSoonest{1};
std::uint64_t system_random() {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : statement::random_bytes<8>()) value = value << 8 | byte;
    return value;
}

}  // namespace

struct Runner::State {
    State(RunnerMeans given, RunnerSettings wished)
        : means(std::move(given)),
          settings(wished),
          watch(means.journal, means.hub.log(), means.witness, settings.unproven_checkpoints),
          native(means.native, means.log),
          intake({means.journal, native, watch, means.log}),
          sender({means.hub, means.journal, means.writer, watch, means.log,
                  means.random ? means.random : system_random},
                 settings.send_limit) {}

    Turned turn(std::chrono::seconds wait);
    void look_at_home();
    void rest(const std::stop_token& stop, std::chrono::milliseconds pause);
    bool watch_log(Turned& turned);
    void refresh_directory();
    bool read_directory();
    void recall_directory();
    bool declare_ourselves();
    void poll(std::chrono::seconds wait, Turned& turned);
    void send_acks(Turned& turned);
    [[nodiscard]] Intake::Clock clock() const {
        return [this] { return means.hub.delivery_now(); };
    }
    DeliveryGate gate() const {
        return DeliveryGate({means.self, means.hub.log(), means.hub_ring, directory, means.opening});
    }

    RunnerMeans means;
    RunnerSettings settings;
    CheckpointWatch watch;
    NativeGuard native;  // what it throws stops nothing that is due
    Intake intake;
    Sender sender;
    Directory directory;
    std::optional<Instant> directory_read{};
    std::chrono::seconds directory_age = kSoonest;  // after which it is read again
    bool recalled = false;
    bool inbox_answered = false;  // in this turn: only then did the turn wait by itself
};

bool Runner::State::watch_log(Turned& turned) {
    const CheckpointWatch::Step step = watch.step(means.hub);
    turned.hub_reached = step != CheckpointWatch::Step::unreachable;
    turned.halted = step == CheckpointWatch::Step::halted;
    if (step == CheckpointWatch::Step::unproven && !watch.is_behind_as_usual())
        means.log.write(Level::warning, "checkpoint_unproven");
    if (turned.halted) {
        means.log.write(Level::error, "log_broken_adapter_stands_still",
                        {{"reason", telemetry::Diagnostic{means.journal.halt_reason().value_or("")}}});
    }
    return !turned.halted;
}

void Runner::State::refresh_directory() {
    const Instant now = means.hub.machine_now();
    if (directory_read && now - *directory_read < directory_age && now >= *directory_read) return;
    if (!read_directory()) return;
    const bool complete = declare_ourselves() && !directory.awaits_somebody();
    directory_age = complete ? settings.directory_age : std::min(directory_age * 2, settings.directory_age);
}

// Who has declared nothing is sent nothing. False where it must be tried again.
bool Runner::State::declare_ourselves() {
    const Member* shown = directory.find(means.self);
    const auto serial = means.key_serial ? means.key_serial() : std::nullopt;
    if (!serial || shown == nullptr) return true;
    const auto document = due_profile({means.self, means.signer, *serial, means.hub.log().name()},
                                      means.native.honours(), shown->profile, means.hub.machine_now());
    if (!document) return true;
    const auto declared = declare_profile(means.hub, *document);
    if (declared) {
        means.log.write(Level::info, "profile_declared");
    } else {
        means.log.write(Level::warning, "profile_not_declared",
                        {{"reason", telemetry::Diagnostic{std::string(text(declared.error().kind))}}});
    }
    return declared.has_value();
}

// False where the last one stays: what it vouches for has its own dates.
bool Runner::State::read_directory() {
    const Instant now = means.hub.machine_now();
    const auto json = means.hub.organisations();
    if (!json) return false;
    auto read = Directory::read(*json, means.journal.pins(), means.hub.log().name(), now);
    if (!read) {
        means.log.write(Level::error, "directory_refused", {{"code", read.error()}});
        return false;
    }
    for (const auto& [organisation, serial] : read->newer_serials()) {
        means.journal.raise_serial(organisation, serial);
    }
    for (const auto& [organisation, place] : read->newer_profiles()) {
        means.journal.raise_profile(organisation, place);
    }
    directory = *std::move(read);
    directory_read = now;
    means.journal.keep_directory(*json);
    return true;
}

// To seal by alone: its keys are believed from the pins as ever, each has its own last day, and the hub
// decides on what is sent. Nothing is opened before the directory was read anew.
void Runner::State::recall_directory() {
    if (directory_read || recalled) return;
    recalled = true;
    const auto kept = means.journal.kept_directory();
    if (!kept) return;
    const std::string& log = means.hub.log().name();
    if (auto read = Directory::read(*kept, means.journal.pins(), log, means.hub.machine_now()))
        directory = *std::move(read);
}

// What came is taken and acknowledged.
void Runner::State::poll(std::chrono::seconds wait, Turned& turned) {
    auto inbox = means.hub.poll(wait, settings.poll_limit);
    if (!inbox) {
        turned.hub_reached = inbox.error().kind != HubFault::Kind::unreachable;
        if (turned.hub_reached) {
            means.log.write(Level::error, "inbox_failed",
                            {{"reason", telemetry::Diagnostic{std::string(text(inbox.error().kind))}}});
        }
        return;
    }
    inbox_answered = true;
    if (inbox->empty()) return;
    look_at_home();
    intake.take(*std::move(inbox), gate(), clock(), [this] { (void)read_directory(); });
}

void Runner::State::send_acks(Turned& turned) {
    for (;;) {
        const auto acks = means.journal.unsent_acks(contract::limits::kInboxBatchDeliveries);
        if (acks.empty()) return;
        const std::string jws = statement::sign_acks({means.hub.log().name(), acks}, means.signer,
                                                     contract::day_of(means.hub.now()));
        const auto answers = means.hub.acknowledge(jws, acks);
        if (!answers) {
            means.log.write(Level::warning, "acknowledgement_failed",
                            {{"reason", telemetry::Diagnostic{std::string(text(answers.error().kind))}}});
            return;  // put again with the next turn
        }
        bool all_believed = true;
        for (std::size_t i = 0; i < acks.size(); ++i) {
            const auto& answer = (*answers)[i];
            if (answer.code)
                means.log.write(Level::warning, "acknowledgement_refused", {{"code", *answer.code}});
            if (answer.receipt && (turned.halted || !sender.believes(*answer.receipt, turned))) {
                all_believed = false;
                continue;
            }
            means.journal.mark_ack_sent(acks[i]);
            ++turned.acknowledged;
        }
        if (!all_believed) return;  // put again with the next turn
    }
}

void Runner::State::look_at_home() {
    if (!means.at_home || !means.at_home()) return;
    directory_read.reset();
    directory_age = kSoonest;
}

// The native side knows nothing of a hub that is away: it is looked at in between.
void Runner::State::rest(const std::stop_token& stop, std::chrono::milliseconds pause) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    const auto end = std::chrono::steady_clock::now() + pause;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        (void)wake.wait_for(lock, stop, std::min(left, settings.look_every), [] { return false; });
        if (stop.stop_requested() || left <= settings.look_every) return;
        look_at_home();
        native.work(means.hub.now(), directory);
        native.must_be_whole();
    }
}

Turned Runner::State::turn(std::chrono::seconds wait) {
    Turned turned;
    inbox_answered = false;
    const IntakeCount before = intake.count();
    const std::size_t failed_before = native.failures();
    look_at_home();
    const bool believed = watch_log(turned);
    if (believed && turned.hub_reached) refresh_directory();
    if (believed) recall_directory();
    if (!turned.halted) native.work(means.hub.now(), directory);
    if (turned.hub_reached) sender.send_due(turned);
    native.must_be_whole();
    if (turned.halted) return turned;
    // Without a directory every sender would look unknown, and be refused for good.
    if (turned.hub_reached && directory_read) {
        intake.finish(means.journal.unfinished(), gate(), clock());
        send_acks(turned);
        poll(wait, turned);
    }
    if (turned.hub_reached) send_acks(turned);
    const IntakeCount& after = intake.count();
    turned.taken = after.taken - before.taken;
    turned.held = after.held - before.held;
    turned.declined = after.declined - before.declined;
    turned.surplus = after.surplus - before.surplus;
    turned.failed = native.failures() - failed_before;
    return turned;
}

Runner::Runner(RunnerMeans means, RunnerSettings settings)
    : state_(std::make_unique<State>(std::move(means), settings)) {}
Runner::~Runner() = default;

Turned Runner::once() { return state_->turn(std::chrono::seconds{0}); }

const Directory& Runner::directory() const { return state_->directory; }

bool Runner::run(const std::stop_token& stop) {
    const std::stop_callback abort(stop, [this] { state_->means.hub.abort(); });
    std::uint32_t failures = 0;
    while (!stop.stop_requested()) {
        // A message that becomes due ends the wait in the inbox; not one that waits for the log's proofs.
        auto wait = state_->settings.poll_wait;
        const bool may_send = !state_->watch.is_full();
        if (const auto due = may_send ? state_->means.journal.next_due() : std::nullopt) {
            const auto until = std::chrono::ceil<std::chrono::seconds>(*due - state_->means.hub.now());
            wait = std::clamp(until, std::chrono::seconds{0}, wait);
        }
        if (const auto ask = state_->intake.next_ask()) {
            const auto until =
                std::chrono::ceil<std::chrono::seconds>(*ask - state_->means.hub.delivery_now());
            wait = std::clamp(until, std::chrono::seconds{0}, wait);
        }
        const Turned turned = state_->turn(wait);
        if (turned.halted) return false;
        // A hub that is away, busy or without a directory is not asked again in the same instant.
        failures = state_->inbox_answered ? 0 : failures + 1;
        if (failures == 0) continue;
        state_->rest(stop, state_->sender.draw(delay_range(failures)));
    }
    return true;
}

}  // namespace kesher::kit
