// How the exchange is told what a native system did: judged whole, known to the ledger before it is in the
// outbox, and one id for one step, so that a stop in between neither doubles nor loses it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/record/change.h"
#include "adapters/record/ledger.h"
#include "adapters/record/native_means.h"

namespace kesher::record {

struct Step {
    kit::Message message;
    Standing then;
};
struct Steps {
    std::vector<Step> steps;
    // What may not be sealed to the referrer stayed behind (a flag that it does not honour, a way to reach
    // her): that there is a change is told.
    bool words_left_out = false;
};
// The kit's own judgement, before anything is sent; without a code the journal does not know her number yet.
struct NotTellable {
    std::optional<contract::Code> code{};
};

// `changes` lead from `from`, one after another. `safety`: as it stands with the native system; what it
// cannot say stands at its safest. `occasion` names what was seen: with the count of steps it makes the ids.
[[nodiscard]] contract::Result<Steps, NotTellable> steps_of(
    const NativeMeans& means, const kit::Actor& actor, const Ledger& ledger, const Given& given,
    const Standing& from, std::span<const Change> changes, const codec::Safety& safety,
    const std::string& occasion, contract::Instant now);

// False where the outbox refused one that was judged good a moment ago: the next look says why.
[[nodiscard]] bool tell(const NativeMeans& means, Ledger& ledger, const contract::ReferralId& referral,
                        std::span<const Step> steps, contract::Instant now);

// After a stop between the outbox and the ledger the journal knows whether the step was taken.
void settle(const NativeMeans& means, Ledger& ledger, const contract::ReferralId& referral);

// That what came under a revoked consent is stopped: the hub hears it once, named by its notice.
void acknowledge_revocations(const NativeMeans& means, const kit::Actor& actor, Ledger& ledger,
                             contract::Instant now);

// Events of ours that the hub refused, which the native system was not told of yet.
struct RefusedStep {
    Given given;
    contract::MessageId message;
    contract::Code code;
};
[[nodiscard]] std::vector<RefusedStep> untold_refusals(const NativeMeans& means, const Ledger& ledger);

// Whether the code says that her consent does not carry it, or not any more.
[[nodiscard]] bool is_about_consent(contract::Code code);

}  // namespace kesher::record
