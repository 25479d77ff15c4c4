// What the hub itself says: an ordinary message, `from: hub`, signed with the hub's signing key and
// stored in the same transaction as its cause (contract.md 1). It has a leaf of its own, whose first
// line is the hub's statement, so a recipient checks it like any other.
#pragma once

#include "gateway/sequencer/request.h"

namespace kesher::sequencer {

// referral.event.v1 about a step that the hub applied, or that a party is only told of.
struct HubEvent {
    contract::OrganisationId to;
    const referral::Referral& referral;
    contract::ReferralEvent event;
    contract::LeafIndex cause;  // of the decision that brought it: fact `cause_leaf`
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    std::optional<log::Stage> before{};  // none where the hub only repeats what has happened before
    std::optional<log::Stage> after{};
};
void say_event(Turn& turn, const HubEvent& event, const keys::SubjectKey& subject);

// consent.revoked.v1 to a body that was given bytes under it: heads its inbox. `cause`: the withdrawal's
// leaf.
void say_revoked(Turn& turn, const contract::OrganisationId& to, const contract::ConsentId& consent,
                 contract::LeafIndex cause, const keys::SubjectKey& subject);

// Queues a message that was accepted for its recipient. The leaf of its acceptance names the delivery (fact
// `delivery`), so that a row that is gone, or that no leaf knows, is noticed.
struct Outgoing {
    contract::DeliveryId id;
    contract::OrganisationId recipient;
    store::MessageKey message;
    contract::MessageType type;
    referral::Parcel parcel;
    std::optional<contract::ReferralId> referral;
    std::optional<contract::ConsentId> consent;
    contract::LeafIndex accepted;
    std::optional<contract::Instant> not_before{};
    bool revocation = false;
};
void queue_delivery(Turn& turn, const Outgoing& outgoing);

// What still waits under a referral is not handed out any more.
void drop_waiting(Turn& turn, std::vector<store::DeliveryRow> deliveries);

// Writes an applied event: the row, its steps, and what each party is told. `sent` is the message that
// caused it, where there was one; whether it may go to the other party is decided at its release.
struct AppliedEvent {
    const store::ReferralRow& before;
    const referral::Applied& applied;
    const keys::SubjectKey& subject;
    contract::LeafIndex leaf;
    std::optional<store::MessageKey> sent{};
    std::optional<contract::DeliveryId> delivery{};  // of the message that was sent, where it is passed on
    std::optional<contract::Reason> reason{};
    bool has_sealed = false;  // of the message that was sent
};
// Whether the message that caused it goes on to the other party, as a delivery of its own.
[[nodiscard]] bool passes_on(const referral::Applied& applied);
[[nodiscard]] log::Stage stage_of(const referral::Referral& referral);  // as shown: before, after
void write_applied(Turn& turn, const AppliedEvent& event);

}  // namespace kesher::sequencer
