// Which submissions of a batch wait, and how long, for the release that the spread gives them (contract.md
// 1).
//
// That a release waits says that she was sent elsewhere within the day, and to a body that opened a part of
// her case only that would be news. So a submission's own leaf is silent about it, and a leaf of the hub at
// the end of the batch says it: one for every 192 submissions that might have had to wait, whether any of
// them does or not, so that the size of the log tells nothing of the case either.
#pragma once

#include <vector>

#include "gateway/referral/release.h"
#include "schemas/contract/ids.h"

namespace kesher::sequencer {

class Turn;

// The operation of that leaf; its facts: audit/log/facts.md.
inline constexpr std::string_view kSpreadOperation = "spread";

class SpreadReleases {
public:
    // Of a submission that was accepted. Nothing is kept of one that no spread can concern. Gives when it may
    // be released, where it has to wait.
    std::optional<contract::Instant> add(const contract::DeliveryId& delivery,
                                         const referral::SpreadFacts& facts, contract::Instant at);
    // Appends the leaves of all that was added. `turn` is the batch's own, behind those of its requests.
    void say(Turn& turn) const;

private:
    struct Submission {
        contract::DeliveryId delivery;
        std::uint32_t share;
        bool waits;
    };
    std::vector<Submission> submissions_;
};

// One delivery of such a leaf. The release may be at `at` of the leaf + release_spread_ms * share / 2^32.
struct SpreadWait {
    contract::DeliveryId delivery;
    std::uint32_t share;
    [[nodiscard]] std::string text() const;  // `<delivery>:<share>`
    [[nodiscard]] static std::optional<SpreadWait> parse(std::string_view text);
};

}  // namespace kesher::sequencer
