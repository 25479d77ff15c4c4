// Hands out what waits for an organisation: every send, first or repeated, is a decision of its own,
// with its own leaf, on consents as they stand at that instant (contract.md 3, release table).
//
// The leaf is written before a byte leaves; bytes whose leaf is there and that never arrived are sent
// again by the next release. Deliveries of one call are decided together.
#pragma once

#include <string>
#include <vector>

#include "gateway/sequencer/request.h"

namespace kesher::inbox {

// What may not go now, and nobody knows when (a body or an agreement is not active, the referral is frozen),
// is looked at again after this: until then it keeps nobody's place in the inbox.
inline constexpr auto kReleaseLookAgain = std::chrono::seconds{60};

// A delivery that is due, with what never changes about its message and is read before.
struct Candidate {
    contract::DeliveryId id;
    std::optional<contract::ReferralId> referral;
    std::optional<contract::ConsentId> consent;
    contract::Digest statement;
    contract::WordSet<contract::DataGroup> groups;  // that its statement says it carries
    std::optional<contract::Purpose> purpose{};     // as its statement says it
    // Of a referral's event: what the hub says in its place where only the end may be told.
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
};

struct Released {
    contract::DeliveryId id;
    contract::Pseudonym pseudonym;  // the recipient's own
    std::uint32_t version = 0;      // of the referral
    std::int32_t attempt = 0;
    contract::Instant not_after;
    sequencer::Receipted proof;  // the release's leaf and receipt
};

class Release final : public sequencer::Request {
public:
    Release(contract::OrganisationId recipient, std::vector<Candidate> candidates)
        : recipient_(std::move(recipient)), candidates_(std::move(candidates)) {}

    void want(sequencer::Wanted& wanted) const override;
    void want_more(const sequencer::Facts& facts, const sequencer::Means& means,
                   sequencer::Wanted& wanted) const override;
    [[nodiscard]] sequencer::Answer decide(sequencer::Turn& turn) override;
    void committed(std::vector<sequencer::Receipted> receipts) override;

    [[nodiscard]] const std::vector<Released>& released() const { return released_; }

private:
    void decide_one(sequencer::Turn& turn, const Candidate& candidate);

    contract::OrganisationId recipient_;
    std::vector<Candidate> candidates_;
    std::vector<Released> released_;
};

}  // namespace kesher::inbox
