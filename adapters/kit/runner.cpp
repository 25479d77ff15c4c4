#include "adapters/kit/runner.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "adapters/kit/intake.h"
#include "adapters/kit/native_guard.h"
#include "adapters/kit/own_profile.h"
#include "adapters/kit/retry.h"
#include "adapters/kit/unverified_jws.h"
#include "audit/log/receipt.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::Instant;
using telemetry::Level;

// The first look again at a directory in which somebody is missing; each next one comes twice as late.
constexpr std::chrono::seconds kSoonest{1};
// A message that the hub does not know so long after it was tried, it never had: no request lives that long.
constexpr std::chrono::seconds kNoLongerUnderWay{120};
constexpr std::chrono::seconds kAskedAgain{10};
constexpr std::chrono::seconds kLongestPutOff{60 * 60};  // of her withdrawal, whatever the hub asks for

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
          intake({means.journal, native, watch, means.log}) {
        if (!means.random) means.random = system_random;
    }

    Turned turn(std::chrono::seconds wait);
    void look_at_home();
    void rest(const std::stop_token& stop, std::chrono::milliseconds pause);
    bool watch_log(Turned& turned);
    void refresh_directory();
    bool read_directory();
    void recall_directory();
    bool declare_ourselves();
    void send_due(Turned& turned);
    bool send_one(const OutgoingRow& row, Turned& turned);
    enum class Doubt { none, waits, hub_away };
    [[nodiscard]] Doubt doubt_of(const OutgoingRow& row);
    [[nodiscard]] bool is_over_for_her(const Written& written) const;
    void end_unsent(const Written& written);
    void after_refusal(const OutgoingRow& row, const Sent& sent, Turned& turned);
    void after_skew(const OutgoingRow& row, const Sent& sent, Turned& turned);
    void keep_withdrawal(const OutgoingRow& row, Code code, Turned& turned);
    void sign_anew_in_time(const Written& written);
    void tell_unproven(Code code, Turned& turned);
    void try_later(const OutgoingRow& row, RetryWord word, std::optional<Code> code);
    void poll(std::chrono::seconds wait, Turned& turned);
    void send_acks(Turned& turned);
    [[nodiscard]] bool observe(const std::string& receipt, Turned& turned);
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
    Directory directory;
    std::optional<Instant> directory_read{};
    std::chrono::seconds directory_age = kSoonest;  // after which it is read again
    bool recalled = false;
    std::map<contract::MessageId, Instant> unknown_since;  // to the hub; tried, and taken back by her
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

void Runner::State::try_later(const OutgoingRow& row, RetryWord word, std::optional<Code> code) {
    const auto delay = delay_after(word, row.attempts + 1);
    means.journal.mark_waiting(
        row.written.id,
        means.hub.now() + point_of(delay.value_or(delay_range(row.attempts + 1)), means.random()), code);
}

// Whether the checkpoint of an answer is remembered, so that it will have to be proven. What came with one
// that is not is no answer yet: it would stand for good on a history that nobody asks about again.
bool Runner::State::observe(const std::string& receipt, Turned& turned) {
    const auto read = log::parse_receipt(receipt);
    if (!read || watch.observe(read->checkpoint)) return true;
    if (turned.halted) return true;  // it stands still already; what still passes is her withdrawal
    turned.halted = means.journal.halt_reason().has_value();
    const telemetry::Word word = turned.halted ? telemetry::Word("receipt_of_another_history")
                                               : telemetry::Word("receipt_of_unproven_history");
    means.log.write(Level::error, word);
    return false;
}

void Runner::State::tell_unproven(Code code, Turned& turned) {
    means.log.write(Level::error, "withdrawal_refused_without_proof", {{"code", code}});
    ++turned.withdrawals_unproven;
}

// Used up no id: the same claims once more, under the day that the hub says it is.
void Runner::State::after_skew(const OutgoingRow& row, const Sent& sent, Turned& turned) {
    if (means.hub.clock_too_far()) means.log.write(Level::error, "hub_clock_too_far");
    const auto redated = means.writer.redate(row.written, means.hub.now());
    const bool first_time = row.code != Code::clock_skew;
    if (!redated) {  // signed by a key that is no longer ours to use
        if (is_her_withdrawal(row.written)) return keep_withdrawal(row, *sent.code, turned);
        means.journal.mark_refused(row.written.id, *sent.code, std::nullopt);
        ++turned.refused;
        return;
    }
    means.journal.replace_signature(*redated);
    if (first_time) {
        means.journal.mark_waiting(row.written.id, means.hub.now(), sent.code);
    } else {
        if (is_her_withdrawal(row.written)) tell_unproven(*sent.code, turned);
        try_later(row, {contract::Retry::same, {}}, sent.code);
    }
    ++turned.put_back;
}

// So that the hub, should it come to hear her, does not have to refuse it for its age.
void Runner::State::sign_anew_in_time(const Written& written) {
    const Instant next = means.hub.now() + kLongestUnprovenDelay;
    const json::Value header = unverified_header(written.statement);
    const json::Value* iat = header.find("iat");
    const auto day =
        iat != nullptr && iat->integer() != nullptr ? statement::whole_day(*iat->integer()) : std::nullopt;
    if (day && statement::is_timely(*day, next)) return;
    if (const auto redated = means.writer.redate(written, means.hub.now())) {
        means.journal.replace_signature(*redated);
    } else {
        means.log.write(Level::error, "withdrawal_not_signed_anew");
    }
}

// Her no is not settled by the bare word of the hub. An honest one says not_found without its leaf
// (contract.md 5), a lying one says anything: either way it stays, until a leaf says that it was taken,
// refused by a rule, or that there is nothing left to end.
void Runner::State::keep_withdrawal(const OutgoingRow& row, Code code, Turned& turned) {
    if (means.journal.is_proven_over(row.written)) {
        means.journal.mark_refused(row.written.id, code, std::nullopt);
        means.log.write(Level::info, "withdrawal_of_what_is_over", {{"code", code}});
        ++turned.refused;
        return;
    }
    sign_anew_in_time(row.written);
    const auto delay = point_of(unproven_delay_range(row.attempts + 1), means.random());
    means.journal.mark_waiting(row.written.id, means.hub.now() + delay, code);
    tell_unproven(code, turned);
    ++turned.put_back;
}

void Runner::State::after_refusal(const OutgoingRow& row, const Sent& sent, Turned& turned) {
    const Code code = *sent.code;
    const bool bare_word = !sent.receipt && is_her_withdrawal(row.written);
    RetryWord retry = sent.retry;
    // Nor is her no put off for days by a word that nothing proves, or by one that is none of this refusal's.
    if (bare_word) retry.after = std::min(retry.after, kLongestPutOff);
    if (bare_word && contract::facts_of(code).retry == contract::Retry::no) retry.retry = contract::Retry::no;
    if (code == Code::clock_skew && !sent.receipt) {
        after_skew(row, sent, turned);
    } else if (code == Code::busy) {
        // The hub has done nothing with it: she may take it back as if it had never been tried.
        means.journal.mark_unsent(
            row.written.id,
            means.hub.now() + point_of(delay_after(retry, 1).value_or(delay_range(1)), means.random()), code);
        ++turned.put_back;
    } else if (retry.retry == contract::Retry::no && bare_word) {
        keep_withdrawal(row, code, turned);
    } else if (retry.retry == contract::Retry::no) {
        means.journal.mark_refused(row.written.id, code, sent.receipt);
        means.log.write(Level::warning, "message_refused", {{"code", code}});
        ++turned.refused;
    } else {
        try_later(row, retry, code);
        ++turned.put_back;
    }
}

// Whether she took back what this says, or what it stands on, since it was written. What itself ends a
// disclosure is no such thing.
bool Runner::State::is_over_for_her(const Written& written) const {
    const bool submission = written.type == contract::MessageType::referral_submitted;
    if (submission && written.referral && means.journal.is_to_end(*written.referral)) return true;
    const bool under_consent = submission || written.type == contract::MessageType::referral_event;
    return under_consent && written.consent && means.journal.is_revoked(*written.consent) &&
           !ends_disclosure(written);
}

// What was tried without an answer, and was taken back by her before it is known to have arrived, is not
// brought to the hub: that may not have heard of it yet. The hub is asked whether it has the message, and as
// long as it does not say so nothing is sent. What it does not have two minutes later was never accepted.
Runner::State::Doubt Runner::State::doubt_of(const OutgoingRow& row) {
    const Written& written = row.written;
    if (row.attempts == 0 || !is_over_for_her(written)) return Doubt::none;
    const auto known = means.hub.message(written.id);
    if (known) {
        unknown_since.erase(written.id);
        return Doubt::none;
    }
    if (known.error().code == Code::not_found) {
        const Instant now = means.hub.machine_now();
        const Instant since = unknown_since.emplace(written.id, now).first->second;
        if (now - since >= kNoLongerUnderWay) {
            end_unsent(written);
            return Doubt::waits;
        }
    }
    means.journal.mark_sent(written.id);
    means.journal.mark_unsent(written.id, means.hub.now() + kAskedAgain, row.code);
    const bool away = known.error().kind == HubFault::Kind::unreachable;
    return away ? Doubt::hub_away : Doubt::waits;
}

void Runner::State::end_unsent(const Written& written) {
    unknown_since.erase(written.id);
    const bool submission = written.type == contract::MessageType::referral_submitted;
    if (submission && written.referral && means.journal.is_to_end(*written.referral)) {
        means.journal.take_back_unknown(*written.referral);  // with what ends it
    } else {
        means.journal.mark_refused(written.id, Code::consent_revoked, std::nullopt);
    }
}

// False where the hub is away: the rest waits too.
bool Runner::State::send_one(const OutgoingRow& row, Turned& turned) {
    if (const Doubt doubt = doubt_of(row); doubt != Doubt::none) {
        ++turned.put_back;
        return doubt != Doubt::hub_away;
    }
    means.journal.mark_sent(row.written.id);
    const auto sent = means.hub.send(row.written.submission, row.written.statement);
    if (!sent) {
        if (sent.error().nothing_sent) {
            means.journal.mark_unsent(row.written.id,
                                      means.hub.now() + point_of(delay_range(1), means.random()));
        } else {
            try_later(row, sent.error().retry, sent.error().code);
        }
        ++turned.put_back;
        const bool away = sent.error().kind == HubFault::Kind::unreachable;
        means.log.write(away ? Level::warning : Level::error, "send_failed",
                        {{"reason", telemetry::Diagnostic{std::string(text(sent.error().kind))}}});
        return !away;
    }
    if (sent->receipt && !observe(sent->receipt->receipt, turned)) {
        try_later(row, {contract::Retry::same, {}}, sent->code);
        ++turned.put_back;
    } else if (sent->kind == Sent::Kind::refused) {
        after_refusal(row, *sent, turned);
    } else {
        means.journal.mark_accepted(row.written.id, *sent->receipt);
        ++turned.accepted;
    }
    return true;
}

void Runner::State::send_due(Turned& turned) {
    constexpr std::size_t kAtOnce = 8;  // each may be 6 MiB
    std::size_t left = settings.send_limit;
    while (left > 0) {
        std::vector<OutgoingRow> due = means.journal.due(means.hub.now(), std::min(left, kAtOnce));
        // With a log that cannot be believed nothing is disclosed any more; her withdrawal still passes.
        const auto may_go = [&](const OutgoingRow& row) {
            return row.written.first_lane || (!turned.halted && !watch.is_full());
        };
        if (std::ranges::none_of(due, may_go)) return;
        for (const OutgoingRow& row : due) {
            if (!may_go(row)) continue;  // it may have come to that since
            --left;
            if (!send_one(row, turned)) {
                turned.hub_reached = false;
                return;
            }
        }
    }
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
            if (answer.receipt && (turned.halted || !observe(answer.receipt->receipt, turned))) {
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
    if (turned.hub_reached) send_due(turned);
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
        state_->rest(stop, point_of(delay_range(failures), state_->means.random()));
    }
    return true;
}

}  // namespace kesher::kit
