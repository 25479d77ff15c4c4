// Keeps a native system that is called, and that calls, in step with the exchange, whatever its format is;
// without the kit's proofs (called_side.h adds those).
//
// A referral and an update go out under the id of the message that they are about, so that the call may be
// made again. Every event of ours is known to the ledger before it is in the outbox. A referral that was sent
// and not answered for may still arrive: the ledger knows it before a byte goes out, and the end of such a
// one is looked after for a week (liaison_late.cpp).
#pragma once

#include <chrono>
#include <deque>

#include "adapters/kit/native_side.h"
#include "adapters/record/called_system.h"
#include "adapters/record/calls_ledger.h"
#include "adapters/record/calls_of_theirs.h"
#include "adapters/record/telling.h"

namespace kesher::record {

// A delivery, proven and opened.
struct Delivered {
    const statement::Statement& said;
    const codec::Payload& payload;
    const std::optional<codec::Sealed>& sealed;
    const contract::Pseudonym& pseudonym;
    const std::string& jws;
    contract::Day on;  // of the release
};

struct LiaisonSettings {
    std::filesystem::path ledger;
    std::chrono::milliseconds look_every{};  // for what ended and may still arrive
    std::string place;                       // where an appointment's own place must not be told
    kit::Actor actor;
};

class Liaison {
public:
    // All must outlive it.
    Liaison(LiaisonSettings settings, NativeMeans means, CalledSystem& system);

    [[nodiscard]] kit::NativeAnswer deliver(const Delivered& delivered);
    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id);
    // liaison_heard.cpp: a call of theirs, on the loop's thread.
    [[nodiscard]] CallResult hear(const CallOfTheirs& call, contract::Instant now);
    void work(contract::Instant now);

private:
    // liaison.cpp: what is referred
    [[nodiscard]] kit::NativeAnswer take_referral(const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer refuse_referral(const Delivered& delivered, bool earlier);
    [[nodiscard]] CallOutcome noted(CallOutcome outcome);
    void say(const Unanswered& fault);
    void say(const CallResult& result);

    // liaison_told.cpp: what the referrer, she, or the hub say of it
    [[nodiscard]] kit::NativeAnswer take_event(const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer take_word(const Given& given, const Delivered& delivered,
                                              const Update& update, const Standing& then);
    [[nodiscard]] kit::NativeAnswer take_revocation(const Delivered& delivered);
    // Its end, said by `by` under `id`. Without an answer it is not confirmed. `answers` gathers their
    // receipts.
    [[nodiscard]] bool end(const Given& given, const Update& update, const contract::OrganisationId& by,
                           const contract::MessageId& id, std::string& answers);
    [[nodiscard]] bool is_there(const Given& given);
    void stand(const contract::ReferralId& referral, const Standing& then);

    // liaison_heard.cpp
    [[nodiscard]] CallResult hear_status(const CallOfTheirs& call, const Status& status, const Given& given,
                                         contract::Instant now);
    [[nodiscard]] Stood stood(const contract::ReferralId& referral) const;

    // liaison_late.cpp: what ended while it may still arrive, and what of theirs was not told
    // Both false where the turn's time was up before it was through.
    [[nodiscard]] bool look_for_late(contract::Instant now);
    [[nodiscard]] bool is_late_over(const Given& given, contract::Instant now);
    [[nodiscard]] bool tell_refused(contract::Instant now);
    [[nodiscard]] bool is_time_up() const { return std::chrono::steady_clock::now() >= turn_ends_; }

    const LiaisonSettings settings_;
    NativeMeans means_;
    CalledSystem& system_;
    CallsLedger ledger_;
    bool away_said_ = false;
    contract::Instant next_look_{};
    std::chrono::steady_clock::time_point turn_ends_{};
    std::deque<contract::ReferralId> late_left_;  // of this look
};

}  // namespace kesher::record
