// What becomes of a delivery: judged, journaled, given to the native side, acknowledged. For runner.cpp.
//
// Nothing about her is opened but under a release whose `not_after` has not passed when it is opened: the hub
// asked her consent for it a minute ago at most. What could not be given on then stays here, sealed, and is
// opened under another release alone, for which the adapter asks (`refused`, `release_unproven`, of the
// old one): whoever holds this journal, an older copy of it, or a queue before a slow native system, opens
// nothing with it.
//
// Every outcome and its acknowledgement are one step of the journal. Between "the native side is called"
// and "its answer is known" stands `handing`: after a stop there the native side is asked whether it has
// the message before it is given again.
#pragma once

#include <functional>
#include <map>

#include "adapters/kit/checkpoint_watch.h"
#include "adapters/kit/delivery_gate.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/native_side.h"
#include "gateway/telemetry/log.h"

namespace kesher::kit {

struct IntakeMeans {
    Journal& journal;
    NativeSide& native;
    CheckpointWatch& watch;
    telemetry::Log& log;
};

struct IntakeCount {
    std::size_t taken = 0;
    std::size_t held = 0;
    std::size_t declined = 0;
    std::size_t surplus = 0;
};

class Intake {
public:
    explicit Intake(IntakeMeans means) : means_(means) {}

    // Asked before each delivery: a native system may take long over the one before it.
    using Clock = std::function<contract::Instant()>;

    // A batch as it came: notices of revocation first, whatever place they had. `renew` reads the directory
    // anew: a sender whose keys are not in it may have changed them a minute ago, and a refusal is final.
    void take(std::vector<codec::Delivery> batch, const DeliveryGate& gate, const Clock& clock,
              const std::function<void()>& renew);
    // What an earlier turn, or an earlier life of this program, left unfinished, oldest first: what the hub
    // itself says is given on from here, for the rest another release is asked for.
    void finish(const std::vector<contract::DeliveryId>& left, const DeliveryGate& gate, const Clock& clock);
    // When finish() is to be called again because something is held; none where nothing waits for that.
    [[nodiscard]] std::optional<contract::Instant> next_ask() const;
    [[nodiscard]] const IntakeCount& count() const { return count_; }

private:
    enum class Native { there, away };
    void refuse_unjournaled(const contract::DeliveryId& id, const GateRefusal& refusal);
    void take_proven(const ProvenDelivery& proven, const DeliveryGate& gate, const Clock& clock);
    [[nodiscard]] bool is_over(const statement::Statement& said) const;
    [[nodiscard]] std::optional<Taken> surely_taken(const IncomingRow& row) const;
    void answer_again(const IncomingRow& row, const contract::DeliveryId& id, contract::LeafIndex index);
    void receive(const ProvenDelivery& proven);
    void hand_on(const ProvenDelivery& proven, IncomingState state, const DeliveryGate& gate,
                 const Clock& clock);
    void give_word_of_hub(const IncomingRow& row, const DeliveryGate& gate, const Clock& clock);
    [[nodiscard]] bool ended_meanwhile(const IncomingRow& row, contract::Instant now);
    void ask_anew(const contract::DeliveryId& delivery, contract::LeafIndex index);
    enum class Asking { all, one, none };
    void ask_for(std::vector<std::pair<contract::DeliveryId, contract::LeafIndex>> waiting, Asking asking,
                 contract::Instant now);
    void settled(const contract::DeliveryId& delivery);
    void forget(const IncomingRow& row);
    void native_was(Native how, contract::Instant now);
    void taken(const ProvenDelivery& proven, const Taken& by, std::size_t surplus);
    void held(const ProvenDelivery& proven, bool surely_not_there);
    void settle_taken(const IncomingRow& row, const Taken& by);
    void settle_refused(const IncomingRow& row, contract::Code code);
    void end_unfinished(const statement::Statement& said, const codec::Payload& payload);
    void refused(const ProvenDelivery& proven, contract::Code code);
    IntakeMeans means_;
    IntakeCount count_;
    // Since the native system took nothing: one of those held is asked for at a time, ever later, the next
    // one each time: what can never be taken keeps nobody waiting.
    bool away_ = false;
    std::chrono::milliseconds pause_{0};
    contract::Instant ask_after_{};
    std::optional<contract::DeliveryId> last_asked_{};
    bool some_wait_ = false;
    std::map<contract::DeliveryId, contract::LeafIndex> asked_;  // the release that was given back
    // The release of which `held` was said: each is a leaf, and a hub that hears none hands out once a
    // minute.
    std::map<contract::DeliveryId, contract::LeafIndex> said_held_;
};

}  // namespace kesher::kit
