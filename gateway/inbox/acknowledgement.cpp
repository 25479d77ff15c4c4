#include "gateway/inbox/acknowledgement.h"

#include <algorithm>

#include "audit/log/leaf.h"
#include "gateway/referral/release.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/hub_voice.h"
#include "gateway/store/log_repository.h"
#include "schemas/contract/limits.h"

namespace kesher::inbox {
namespace {

using namespace contract;
using referral::AckEffect;
using sequencer::Turn;

store::DeliveryState state_after(AckEffect effect) {
    switch (effect) {
        case AckEffect::deliver:
            return store::DeliveryState::taken;
        case AckEffect::keep_leased:
            return store::DeliveryState::held;
        case AckEffect::release_again:
            return store::DeliveryState::waiting;
        case AckEffect::await_reseal:
        case AckEffect::undeliverable:
            return store::DeliveryState::refused;
    }
    return store::DeliveryState::refused;
}

bool is_release_of(store::Connection& connection, LeafIndex index, const DeliveryId& delivery) {
    const auto entry = store::log_entry(connection, index);
    const auto leaf = entry ? log::split_leaf(text_of(entry->data)) : log::split_leaf("");
    if (!leaf) return false;
    const auto record = log::parse_record(leaf->record);
    if (!record || record->event != log::RecordEvent::released || record->decision != log::Decision::permit) {
        return false;
    }
    const log::FactValue* named = record->facts.find("delivery");
    return named != nullptr && *named == log::FactValue{log::Word::of(delivery.text())};
}

}  // namespace

std::vector<AckedDelivery> deliveries_of(const Rooms& rooms, const statement::VerifiedAcks& acks) {
    return rooms.readers.with(
        [&](store::Connection& connection) { return acked_deliveries(connection, acks); });
}

std::vector<AckedDelivery> acked_deliveries(store::Connection& connection,
                                            const statement::VerifiedAcks& acks) {
    std::vector<DeliveryId> ids;
    for (const statement::Ack& ack : acks.acks.acks) {
        if (is_release_of(connection, ack.index, ack.delivery)) ids.push_back(ack.delivery);
    }
    std::vector<AckedDelivery> known;
    for (const store::DeliveryRow& row : store::deliveries(connection, ids))
        known.push_back({row.id, row.referral});
    return known;
}

bool Acknowledge::names_its_release(const statement::Ack& ack) const {
    return std::any_of(about_.begin(), about_.end(),
                       [&](const AckedDelivery& each) { return each.id == ack.delivery; });
}

void Acknowledge::want(sequencer::Wanted& wanted) const {
    for (const AckedDelivery& each : about_) {
        wanted.deliveries.insert(each.id);
        if (!each.referral) continue;
        wanted.referrals.insert(*each.referral);
        wanted.deliveries_of_referrals.insert(*each.referral);
    }
}

sequencer::Answer Acknowledge::decide(Turn& turn) {
    answers_.clear();
    for (const statement::Ack& ack : acks_.acks.acks) answers_.push_back(decide_one(turn, ack));
    return {};
}

AckAnswer Acknowledge::decide_one(Turn& turn, const statement::Ack& ack) {
    const store::DeliveryRow* delivery = turn.facts.delivery(ack.delivery);
    // Of a delivery that went out again since, an earlier release counts as well.
    const bool known = delivery != nullptr && delivery->recipient == recipient_ && names_its_release(ack);
    if (!known) return {ack.delivery, Code::not_found, {}};
    if (store::is_settled(delivery->state) && delivery->ack) return {ack.delivery, {}, delivery->ack};

    log::Record record;
    record.event = log::RecordEvent::acknowledged;
    record.actor_type = log::ActorType::system;
    record.org = recipient_;
    record.operation = log::Word::of(kMessageTypes.text(delivery->type));
    record.decision = log::Decision::permit;
    record.code = ack.code;
    record.message = delivery->message.id;
    record.referral = delivery->referral;
    record.recipient = delivery->message.sender;
    record.consent = delivery->consent;
    if (ack.surplus) record.dropped = log::Dropped{{}, static_cast<std::uint32_t>(*ack.surplus)};
    record.facts.add("delivery", ack.delivery.text())
        .add("index", static_cast<std::int64_t>(number(ack.index)))
        .add("outcome", kAckOutcomes.text(ack.outcome))
        .add("acks", acks_.document);
    if (ack.native) record.facts.add("native", *ack.native);
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record));
    if (store::is_settled(delivery->state)) {
        // The referral ended while it was out: what became of the bytes is on record, and nothing moves.
        store::DeliveryRow ended = *delivery;
        ended.ack = leaf;
        turn.facts.put(ended);
        return {ack.delivery, {}, leaf};
    }
    settle(turn, ack, *delivery, leaf);
    return {ack.delivery, {}, leaf};
}

void Acknowledge::settle(Turn& turn, const statement::Ack& ack, store::DeliveryRow delivery, LeafIndex leaf) {
    const AckEffect effect = referral::effect_of_ack(ack.outcome, ack.code);
    delivery.state = state_after(effect);
    delivery.ack = leaf;
    delivery.lease_until = turn.at + (effect == AckEffect::keep_leased ? limits::kHeldLease : limits::kLease);
    if (store::is_settled(delivery.state)) delivery.settled_at = turn.at;
    turn.facts.put(delivery);
    if (effect == AckEffect::release_again) turn.wake(recipient_);
    apply_effect(turn, ack, delivery, leaf);
    // The next delivery of this referral may go now.
    turn.wake(recipient_);
}

// Only the submission's own delivery moves the referral.
void Acknowledge::apply_effect(Turn& turn, const statement::Ack& ack, const store::DeliveryRow& delivery,
                               LeafIndex leaf) {
    if (delivery.type != MessageType::referral_submitted || !delivery.referral) return;
    const store::ReferralRow* stored = turn.facts.referral(*delivery.referral);
    if (stored == nullptr) return;
    store::ReferralRow row = *stored;
    const AckEffect effect = referral::effect_of_ack(ack.outcome, ack.code);
    if (effect == AckEffect::await_reseal) {
        row.referral.awaiting_reseal = true;
        turn.facts.put(row);
        return;
    }
    if (effect != AckEffect::deliver && effect != AckEffect::undeliverable) return;
    const ReferralEvent event =
        effect == AckEffect::deliver ? ReferralEvent::deliver : ReferralEvent::undeliverable;
    const auto applied = referral::apply(
        row.referral, {.event = event, .by = referral::By::hub, .caller = std::nullopt}, {}, turn.at);
    if (!applied) return;  // it has moved on: an event of the recipient implied the delivery
    const keys::CaseSecrets secrets = sequencer::referrer_of(turn.means.sealed_store, row);
    sequencer::write_applied(turn, {.before = row,
                                    .applied = *applied,
                                    .subject = secrets.subject_key,
                                    .leaf = leaf,
                                    .by = OrganisationId::hub()});
}

void Acknowledge::committed(std::vector<sequencer::Receipted> receipts) {
    for (AckAnswer& answer : answers_) {
        for (sequencer::Receipted& receipted : receipts) {
            if (answer.leaf == receipted.index) answer.receipt = std::move(receipted);
        }
    }
}

}  // namespace kesher::inbox
