// Referrals as they stand. What happened to each is in the log and nowhere else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gateway/referral/life.h"
#include "gateway/store/connection.h"
#include "gateway/store/pipeline.h"

namespace kesher::store {

struct ReferralRow {
    referral::Referral referral;
    std::optional<contract::LeafIndex> submitted;     // none while it is a draft
    contract::Digest slot;                            // its place among the case's referrals
    contract::Bytes referrer_sealed;                  // the case's secrets with the referrer's pseudonym
    std::optional<contract::Bytes> recipient_sealed;  // with the recipient's, from the first release on
    std::optional<contract::Reason> declined_for{};   // of the decline or redirection that ended it
};

// A slot that is in use.
struct UsedSlot {
    contract::Digest slot;
    contract::OrganisationId referrer;
    contract::ReferralId referral;
    contract::Bytes referrer_sealed;
    bool submitted = false;  // no draft any more
    bool disclosed = false;  // is_disclosed
};
// Released to its recipient at least once, and no rehearsal: those go to nobody who would act on them.
[[nodiscard]] bool is_disclosed(const referral::Referral& referral);

[[nodiscard]] std::span<const Statement> referral_statements();

Position find_referrals(Pipeline& pipeline, std::span<const contract::ReferralId> ids);
Position find_referrals_by_slot(Pipeline& pipeline, std::span<const contract::Digest> slots);
[[nodiscard]] std::vector<ReferralRow> read_referrals(const Rows& rows);
Position find_used_slots(Pipeline& pipeline, std::span<const contract::Digest> slots);
[[nodiscard]] std::vector<UsedSlot> read_used_slots(const Rows& rows);
[[nodiscard]] std::vector<UsedSlot> used_slots(Connection& connection,
                                               std::span<const contract::Digest> slots);
[[nodiscard]] std::vector<ReferralRow> referrals_by_slot(Connection& connection,
                                                         std::span<const contract::Digest> slots);
// Referrals that something could expire (DRAFT, AWAITING_CONSENT, REQUESTED, DELIVERED, WAITLISTED), in order
// of id after `after`: whoever walks them page by page meets every one.
[[nodiscard]] std::vector<ReferralRow> referrals_to_judge(Connection& connection,
                                                          const std::optional<contract::ReferralId>& after,
                                                          std::size_t limit);
struct BoardBounds {
    contract::OrganisationId party;
    contract::WordSet<contract::Service> services;
    contract::Instant ended_since;
    std::size_t limit;
};
// What this body sent and what was handed to it, of these services and no rehearsal: open, or ended at
// `ended_since` or later. Newest first.
[[nodiscard]] std::vector<ReferralRow> referrals_of(Connection& connection, const BoardBounds& bounds);

// New ones; and of stored ones what may change: all but who and whose. What is asked and on which basis is a
// draft's until it is submitted.
void insert_referrals(Pipeline& batch, std::span<const ReferralRow> rows);
void update_referrals(Pipeline& batch, std::span<const ReferralRow> rows);
}  // namespace kesher::store
