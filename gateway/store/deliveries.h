// What waits for an organisation, what it was handed, and what it said about it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gateway/referral/release.h"
#include "gateway/store/connection.h"
#include "gateway/store/messages.h"
#include "gateway/store/pipeline.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::store {

// Stored: never renumber or rename.
enum class DeliveryState { waiting, leased, held, taken, refused, dropped };
inline constexpr contract::ClosedList<DeliveryState, 6> kDeliveryStates{
    {"waiting", "leased", "held", "taken", "refused", "dropped"}};
[[nodiscard]] constexpr bool is_settled(DeliveryState state) { return state >= DeliveryState::taken; }

struct DeliveryRow {
    contract::DeliveryId id;
    contract::OrganisationId recipient;
    bool revocation = false;  // heads the inbox
    MessageKey message;       // sender `hub` for what the hub itself says
    contract::MessageType type;
    referral::Parcel parcel = referral::Parcel::always;
    std::optional<contract::ReferralId> referral;
    std::optional<contract::ConsentId> consent;
    contract::LeafIndex accepted;
    DeliveryState state = DeliveryState::waiting;
    std::int32_t attempt = 0;
    contract::Instant not_before;   // the spread's end, or when what had to wait is looked at again
    contract::Instant lease_until;  // while leased or held
    std::optional<contract::LeafIndex> release;
    std::optional<contract::LeafIndex> ack;  // of the last acknowledgement
    std::optional<contract::Instant> settled_at;
    std::optional<contract::LeafIndex> answered{};  // a notice of revocation: what its recipient did about it
};

inline constexpr contract::ClosedList<referral::Parcel, 3> kParcels{{"submission", "update", "always"}};

[[nodiscard]] std::span<const Statement> delivery_statements();

Position find_deliveries(Pipeline& pipeline, std::span<const contract::DeliveryId> ids);
// Under the consents that are filed in these slots of their case.
Position find_deliveries_of_consent_slots(Pipeline& pipeline, std::span<const contract::Digest> slots);
// Of the referrals that are filed in these slots of their case, what stands on no consent.
Position find_deliveries_by_statute_of_referral_slots(Pipeline& pipeline,
                                                      std::span<const contract::Digest> slots);
Position find_deliveries_of_referrals(Pipeline& pipeline, std::span<const contract::ReferralId> referrals);
[[nodiscard]] std::vector<DeliveryRow> read_deliveries(const Rows& rows);
[[nodiscard]] std::vector<DeliveryRow> deliveries(Connection& connection,
                                                  std::span<const contract::DeliveryId> ids);

// Of one message, as its sender or as its recipient may see them.
[[nodiscard]] std::vector<DeliveryRow> deliveries_of_message(Connection& connection,
                                                             const contract::MessageId& message,
                                                             const contract::OrganisationId& party);

// For a poll: notices of revocation, then what always passes, then by the time from which each may go (its
// acceptance, where it never had to wait) and accepted index; of each referral the earliest unsettled
// only, and only where it is due at `at` and not under lease.
[[nodiscard]] std::vector<DeliveryRow> due_deliveries(Connection& connection,
                                                      const contract::OrganisationId& recipient,
                                                      contract::Instant at, std::size_t limit);
// Notices of revocation from before that time that their recipients have not answered (domain.md 5.2).
[[nodiscard]] std::int64_t revocations_unanswered(Connection& connection, contract::Instant before);
// Messages whose payload may go: they were accepted, and every delivery of theirs was settled, before
// `settled_before`. Also those to the hub, which have none: they were taken with their acceptance. The oldest
// first.
[[nodiscard]] std::vector<MessageKey> payloads_delivered_before(Connection& connection,
                                                                contract::Instant settled_before,
                                                                std::size_t limit);

// New ones; and of stored ones what may change: state, attempt, lease, release, ack, settled_at, not_before,
// answered.
void insert_deliveries(Pipeline& batch, std::span<const DeliveryRow> rows);
void update_deliveries(Pipeline& batch, std::span<const DeliveryRow> rows);

}  // namespace kesher::store
