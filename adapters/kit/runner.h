// The loop of an adapter: sends what waits, takes what comes, acknowledges, watches the log.
//
// Order of a turn: the checkpoint is watched; the directory is read when it is old, soon again while somebody
// has not declared there what it reads, and what we are is declared where it does not stand there; what is
// due is sent, in order per referral; for what is held another release is asked for; the inbox is polled,
// revocations applied before anything else of the batch; the acks are signed and sent. A fork of the log
// stops everything but withdrawals, and so does a log that showed more than it has proven, until it has. No
// answer without a leaf settles a withdrawal. While the hub is away the native side is looked at all the
// same, as often as settings say: what it brings is journaled, and waits.
#pragma once

#include <functional>
#include <stop_token>

#include "adapters/kit/checkpoint_watch.h"
#include "adapters/kit/delivery_gate.h"
#include "adapters/kit/hub_client.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/native_side.h"
#include "adapters/kit/turned.h"
#include "gateway/telemetry/log.h"

namespace kesher::kit {

struct RunnerMeans {
    contract::OrganisationId self;
    HubClient& hub;
    Journal& journal;
    NativeSide& native;
    const MessageWriter& writer;            // for redating
    const statement::Signer& signer;        // this and the next change in place where `at_home` finds
    const statement::OpeningKeys& opening;  // other keys
    const statement::KeyRing& hub_ring;
    const log::NoteSigner* witness = nullptr;
    telemetry::Log& log;
    std::function<std::uint64_t()> random{};  // for the back-off; the system's, where it is not set
    // Reads anew what other programs of this organisation left in its key directory, before each look at the
    // native side, and before what came is opened: it may be sealed to a key that was made since. True where
    // the directory is to be read again: whose keys may be believed has changed, or our own keys have.
    std::function<bool()> at_home{};
    // Serial of the organisation's key list, under which the native side's profile is declared; nothing is
    // where there is none in date. Asked when it is due: the list may have changed since.
    std::function<std::optional<std::int64_t>()> key_serial{};
};

struct RunnerSettings {
    std::chrono::seconds poll_wait{20};
    std::size_t poll_limit = 100;
    std::size_t send_limit = 64;  // per turn, so that the inbox never starves
    std::chrono::seconds directory_age{300};
    std::chrono::milliseconds look_every{20'000};  // at the native side, while the hub is away
    // That came with receipts, and are believed before they are proven.
    std::size_t unproven_checkpoints = CheckpointWatch::kRemembered;
};

class Runner {
public:
    Runner(RunnerMeans means, RunnerSettings settings);
    ~Runner();

    // One turn without waiting in the inbox.
    [[nodiscard]] Turned once();
    // Turns until stopped or halted. Throws JournalBroken. True: stopped in order; false: halted.
    [[nodiscard]] bool run(const std::stop_token& stop);
    // The directory as last read; of nobody before the first reading.
    [[nodiscard]] const Directory& directory() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kesher::kit
