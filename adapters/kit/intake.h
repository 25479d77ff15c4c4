// What becomes of a delivery: judged, journaled, given to the native side, acknowledged. For runner.cpp.
//
// Every outcome and its acknowledgement are one step of the journal. Between "the native side is called"
// and "its answer is known" stands `handing`: after a stop there the native side is asked whether it has
// the message before it is given again.
#pragma once

#include <functional>

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

    // A batch as it came: notices of revocation first, whatever place they had. `renew` reads the directory
    // anew: a sender whose keys are not in it may have changed them a minute ago, and a refusal is final.
    void take(std::vector<codec::Delivery> batch, const DeliveryGate& gate, contract::Instant now,
              const std::function<void()>& renew);
    // Of what an earlier turn, or an earlier life of this program, left unfinished: everything, or what the
    // hub itself says alone, while a notice may be on its way that speaks against opening the rest.
    enum class Open { all, notices };
    void finish(const std::vector<contract::DeliveryId>& left, Open open, const DeliveryGate& gate,
                contract::Instant now);
    [[nodiscard]] const IntakeCount& count() const { return count_; }

private:
    void refuse_unjournaled(const contract::DeliveryId& id, const GateRefusal& refusal);
    void take_proven(const ProvenDelivery& proven, const DeliveryGate& gate);
    [[nodiscard]] bool is_over(const statement::Statement& said) const;
    [[nodiscard]] std::optional<Taken> surely_taken(const IncomingRow& row) const;
    void answer_again(const IncomingRow& row, const contract::DeliveryId& id, contract::LeafIndex index);
    void receive(const ProvenDelivery& proven);
    void hand_on(const ProvenDelivery& proven, IncomingState state, const DeliveryGate& gate,
                 bool acknowledge_held = true);
    void finish_one(const IncomingRow& row, const DeliveryGate& gate, contract::Instant now);
    void taken(const ProvenDelivery& proven, const Taken& by, std::size_t surplus);
    void held(const ProvenDelivery& proven, bool say_so);
    void end_unfinished(const statement::Statement& said, const codec::Payload& payload);
    void refused(const ProvenDelivery& proven, contract::Code code);
    IntakeMeans means_;
    IntakeCount count_;
};

}  // namespace kesher::kit
