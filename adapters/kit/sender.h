// Brings to the hub what waits in the journal, in order per referral, and decides what an answer makes of it.
//
// Her withdrawals go first, and also where the log shows two histories; nothing else does then, nor while the
// log has shown more than can be remembered until it is proven (checkpoint_watch.h). What she took back since
// it was tried is asked for before it is sent again. No answer without a leaf settles her withdrawal: it is
// tried on, signed anew in time, and counted in `Turned::withdrawals_unproven`. For runner.cpp.
#pragma once

#include <functional>
#include <map>

#include "adapters/kit/checkpoint_watch.h"
#include "adapters/kit/hub_client.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/message_writer.h"
#include "adapters/kit/retry.h"
#include "adapters/kit/turned.h"
#include "gateway/telemetry/log.h"

namespace kesher::kit {

class Sender {
public:
    struct Means {
        HubClient& hub;
        Journal& journal;
        const MessageWriter& writer;  // for signing anew
        CheckpointWatch& watch;
        telemetry::Log& log;
        std::function<std::uint64_t()> random;  // for the back-off
    };

    // At most `limit` messages a turn, so that the inbox never starves.
    Sender(Means means, std::size_t limit) : means_(std::move(means)), limit_(limit) {}

    void send_due(Turned& turned);
    // Whether the checkpoint of an answer is remembered, so that it will have to be proven. What came with
    // one that is not is no answer yet: it would stand for good on a history that nobody asks about again.
    [[nodiscard]] bool believes(const Receipted& receipt, Turned& turned);
    [[nodiscard]] std::chrono::milliseconds draw(DelayRange range) const;

private:
    enum class Doubt { none, waits, hub_away };

    [[nodiscard]] bool send_one(const OutgoingRow& row, Turned& turned);
    [[nodiscard]] Doubt doubt_of(const OutgoingRow& row);
    [[nodiscard]] bool is_over_for_her(const Written& written) const;
    void end_unsent(const Written& written);
    void after_refusal(const OutgoingRow& row, const Sent& sent, Turned& turned);
    void after_skew(const OutgoingRow& row, const Sent& sent, Turned& turned);
    void keep_withdrawal(const OutgoingRow& row, contract::Code code, Turned& turned);
    void sign_anew_in_time(const Written& written);
    void tell_unproven(contract::Code code, Turned& turned);
    void try_later(const OutgoingRow& row, RetryWord word, std::optional<contract::Code> code);
    [[nodiscard]] contract::Instant after(DelayRange range) const;

    Means means_;
    std::size_t limit_;
    std::map<contract::MessageId, contract::Instant>
        unknown_since_;  // to the hub; tried, and taken back by her
};

}  // namespace kesher::kit
