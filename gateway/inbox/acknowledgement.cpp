#include "gateway/inbox/acknowledgement.h"

#include <algorithm>
#include <map>

#include "audit/log/leaf.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/hub_voice.h"
#include "gateway/store/log_repository.h"
#include "gateway/store/stored_words.h"
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

// None where an index has no leaf, as one that a recipient wrote down may not.
std::optional<log::Record> record_at(store::Connection& connection, LeafIndex index) {
    const auto entry = store::log_entry(connection, index);
    const auto leaf = entry ? log::split_leaf(text_of(entry->data)) : log::split_leaf("");
    if (!leaf) return std::nullopt;
    auto record = log::parse_record(leaf->record);
    return record ? std::optional(*std::move(record)) : std::nullopt;
}

// The release of this very delivery that stands at the index; none where another leaf does.
std::optional<log::Record> release_of(store::Connection& connection, LeafIndex index,
                                      const DeliveryId& delivery) {
    auto record = record_at(connection, index);
    if (!record || record->event != log::RecordEvent::released || record->decision != log::Decision::permit) {
        return std::nullopt;
    }
    const log::FactValue* named = record->facts.find("delivery");
    const bool same = named != nullptr && *named == log::FactValue{log::Word::of(delivery.text())};
    return same ? std::move(record) : std::nullopt;
}

// What is dropped may be out, and what became of the bytes is still to be heard.
bool is_heard_out(store::DeliveryState state) {
    return store::is_settled(state) && state != store::DeliveryState::dropped;
}

// What was acknowledged last of a delivery that is still heard of, as its leaf says.
std::optional<Acknowledged> last_ack(store::Connection& connection, const store::DeliveryRow& delivery) {
    if (!delivery.ack || is_heard_out(delivery.state)) return std::nullopt;
    const auto record = record_at(connection, *delivery.ack);
    if (!record) store::refuse_stored("delivery.ack_idx");
    const log::FactValue* index = record->facts.find("index");
    const log::FactValue* outcome = record->facts.find("outcome");
    const auto* release = index != nullptr ? std::get_if<std::int64_t>(index) : nullptr;
    const auto* word = outcome != nullptr ? std::get_if<log::Word>(outcome) : nullptr;
    const auto said = word != nullptr ? kAckOutcomes.parse(word->text()) : std::nullopt;
    if (release == nullptr || !said) store::refuse_stored("delivery.ack_idx");
    return Acknowledged{
        *delivery.ack,
        {LeafIndex{static_cast<std::uint64_t>(*release)}, referral::effect_of_ack(*said, record->code)}};
}

// Whose case was delivered; a report that belongs to no case has none. The row's seal holds the key.
std::optional<keys::SubjectKey> subject_of(const Turn& turn, const store::DeliveryRow& delivery) {
    const keys::SealedStore& sealed = turn.means.sealed_store;
    if (delivery.referral) {
        const store::ReferralRow* row = turn.facts.referral(*delivery.referral);
        if (row != nullptr) return sequencer::referrer_of(sealed, *row).subject_key;
    }
    if (!delivery.consent) return std::nullopt;
    const store::ConsentRow* row = turn.facts.consent(*delivery.consent);
    return row == nullptr ? std::nullopt : std::optional(sequencer::case_of(sealed, *row).subject_key);
}

}  // namespace

std::vector<AckedDelivery> deliveries_of(const Rooms& rooms, const statement::VerifiedAcks& acks) {
    return rooms.readers.with(
        [&](store::Connection& connection) { return acked_deliveries(connection, acks); });
}

std::vector<AckedDelivery> acked_deliveries(store::Connection& connection,
                                            const statement::VerifiedAcks& acks) {
    std::map<DeliveryId, std::optional<Digest>> handed;
    for (const statement::Ack& ack : acks.acks.acks) {
        const auto release = release_of(connection, ack.index, ack.delivery);
        if (release) handed.emplace(ack.delivery, release->statement);
    }
    std::vector<DeliveryId> ids;
    for (const auto& [id, statement] : handed) ids.push_back(id);
    std::vector<AckedDelivery> known;
    for (const store::DeliveryRow& row : store::deliveries(connection, ids))
        known.push_back({row.id, row.referral, row.consent, handed.at(row.id), last_ack(connection, row)});
    return known;
}

const AckedDelivery* Acknowledge::named_release(const statement::Ack& ack) const {
    const auto found = std::find_if(about_.begin(), about_.end(),
                                    [&](const AckedDelivery& each) { return each.id == ack.delivery; });
    return found == about_.end() ? nullptr : &*found;
}

// What settles a delivery is heard as long as it is open, and once of what was dropped while it was out. What
// was acknowledged while this waited is on record just now, by another connection of the body or by an
// earlier call that got no answer: that answers this one as well. But what is held is released again all the
// same: its holder asks for nothing before the lease of 72 hours has run out.
std::optional<LeafIndex> Acknowledge::leaf_before(const statement::Ack& ack,
                                                  const store::DeliveryRow& delivery,
                                                  const AckedDelivery& release) {
    if (!delivery.ack) return std::nullopt;
    if (is_heard_out(delivery.state)) return delivery.ack;
    const AckEffect effect = referral::effect_of_ack(ack.outcome, ack.code);
    const bool holds = effect == AckEffect::keep_leased;
    const bool releases = effect == AckEffect::release_again;
    const bool stands = holds || (releases && delivery.state != store::DeliveryState::held);
    const bool as_read = release.last && release.last->leaf == *delivery.ack;
    if (as_read && store::is_settled(state_after(release.last->said.effect))) return delivery.ack;
    const bool again = as_read ? referral::is_said_again(effect, ack.index, release.last->said) : stands;
    return again ? delivery.ack : std::nullopt;
}

void Acknowledge::want(sequencer::Wanted& wanted) const {
    for (const AckedDelivery& each : about_) {
        wanted.deliveries.insert(each.id);
        if (each.consent) wanted.consents.insert(*each.consent);
        if (!each.referral) continue;
        wanted.referrals.insert(*each.referral);
        wanted.deliveries_of_referrals.insert(*each.referral);
    }
}

sequencer::Answer Acknowledge::decide(Turn& turn) {
    answers_.clear();
    // Its certificate was ended while this waited: whoever holds the connection is not the body any more.
    if (turn.registry.owner_of(certificate_) != recipient_) {
        sequencer::Answer answer;
        answer.code = Code::certificate_unknown;
        return answer;
    }
    for (const statement::Ack& ack : acks_.acks.acks) answers_.push_back(decide_one(turn, ack));
    if (std::ranges::any_of(answers_, [](const AckAnswer& answer) { return answer.code.has_value(); }))
        say_refused(turn);
    return {};
}

// One leaf for all that it refuses: a hundred a document would let a body write the log full with what it
// made up. Nothing of the deliveries: whoever knows an id is not to learn from a leaf of its own whether it
// is one.
void Acknowledge::say_refused(Turn& turn) const {
    if (turn.only_counted(recipient_, Code::not_found)) return;
    log::Record record;
    record.event = log::RecordEvent::acknowledged;
    record.actor_type = log::ActorType::system;
    record.org = recipient_;
    record.auth = log::Auth{std::nullopt, certificate_};
    record.decision = log::Decision::deny;
    record.code = Code::not_found;
    record.facts.add("acks", acks_.document);
    (void)turn.append(std::nullopt, std::move(record));
}

AckAnswer Acknowledge::decide_one(Turn& turn, const statement::Ack& ack) {
    const store::DeliveryRow* delivery = turn.facts.delivery(ack.delivery);
    // Of a delivery that went out again since, an earlier release counts as well.
    const AckedDelivery* release = named_release(ack);
    const bool known = delivery != nullptr && delivery->recipient == recipient_ && release != nullptr;
    if (!known) return {ack.delivery, Code::not_found, {}};
    if (const auto before = leaf_before(ack, *delivery, *release)) return {ack.delivery, {}, before};

    const auto subject = subject_of(turn, *delivery);
    const LeafIndex leaf =
        turn.append(std::nullopt, record_of(ack, *delivery, *release), subject ? &*subject : nullptr);
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

log::Record Acknowledge::record_of(const statement::Ack& ack, const store::DeliveryRow& delivery,
                                   const AckedDelivery& release) const {
    log::Record record;
    record.event = log::RecordEvent::acknowledged;
    record.actor_type = log::ActorType::system;
    record.org = recipient_;
    record.operation = log::Word::of(kMessageTypes.text(delivery.type));
    record.decision = log::Decision::permit;
    record.code = ack.code;
    record.message = delivery.message.id;
    record.statement = release.statement;
    record.referral = delivery.referral;
    record.recipient = delivery.message.sender;
    record.consent = delivery.consent;
    if (ack.surplus) record.dropped = log::Dropped{{}, static_cast<std::uint32_t>(*ack.surplus)};
    record.facts.add("delivery", ack.delivery.text())
        .add("index", static_cast<std::int64_t>(number(ack.index)))
        .add("outcome", kAckOutcomes.text(ack.outcome))
        .add("acks", acks_.document);
    if (ack.native) record.facts.add("native", *ack.native);
    return record;
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
        if (row.referral.state != ReferralState::requested) return;  // nothing is awaited of it any more
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
    sequencer::write_applied(
        turn, {.before = row, .applied = *applied, .subject = secrets.subject_key, .leaf = leaf});
}

void Acknowledge::committed(std::vector<sequencer::Receipted> receipts) {
    for (AckAnswer& answer : answers_) {
        for (sequencer::Receipted& receipted : receipts) {
            if (answer.leaf == receipted.index) answer.receipt = std::move(receipted);
        }
    }
}

}  // namespace kesher::inbox
