#include "gateway/sequencer/hub_voice.h"

#include <algorithm>

#include "gateway/sequencer/case_rows.h"
#include "schemas/codec/records.h"
#include "schemas/codec/schema.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/statement.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

struct Spoken {
    statement::Statement says;
    Bytes payload;
};

// Signs, keeps payload and row, and gives the leaf.
LeafIndex speak(Turn& turn, const Spoken& spoken, log::Record record, const DeliveryId& delivery,
                LeafIndex cause, const keys::SubjectKey& subject) {
    const std::string jws = statement::sign_statement(spoken.says, turn.means.signer, day_of(turn.at));
    record.event = log::RecordEvent::accepted;
    record.actor_type = log::ActorType::system;
    record.org = OrganisationId::hub();
    record.decision = log::Decision::permit;
    record.message = spoken.says.id;
    record.recipient = spoken.says.to;
    record.facts.add("delivery", delivery.text()).add("cause_leaf", number(cause));
    const LeafIndex leaf = turn.append(jws, std::move(record), &subject);
    const store::MessageKey key{OrganisationId::hub(), spoken.says.id};
    const std::string_view claims = std::string_view(jws).substr(jws.find('.') + 1);
    turn.facts.add(store::MessageRow{key, statement::sha256(claims.substr(0, claims.find('.'))),
                                     statement::sha256(spoken.payload), leaf, std::nullopt});
    turn.facts.add(
        store::PayloadRow{key, seal_payload(turn.means.sealed_store, key, spoken.payload), turn.at});
    return leaf;
}

statement::Statement hub_statement(const Turn& turn, MessageType type, const OrganisationId& to,
                                   std::string_view record, const Bytes& payload) {
    return {.log = turn.means.log_origin,
            .id = keys::new_id<MessageId>(),
            .type = type,
            .from = OrganisationId::hub(),
            .to = to,
            .schema = codec::newest_schema(record).fingerprint,
            .digest = statement::sha256(payload)};
}

}  // namespace

void say_event(Turn& turn, const HubEvent& event, const keys::SubjectKey& subject) {
    const referral::Terms& terms = event.referral.terms;
    codec::ReferralEventPayload payload;
    payload.event = event.event;
    payload.reason = event.reason;
    payload.outcome = event.outcome;
    payload.occurred_on = day_of(turn.at);
    const Bytes bytes = codec::encode(payload);
    statement::Statement says =
        hub_statement(turn, MessageType::referral_event, event.to, "ReferralEvent", bytes);
    says.referral = event.referral.id;
    says.purpose = terms.purpose;
    says.basis = terms.basis;
    says.groups = std::vector<DataGroup>{};
    says.consent = terms.consent;
    log::Record record;
    record.operation = log::Word::of(kReferralEvents.text(event.event));
    record.purpose = terms.purpose;
    record.basis = terms.basis;
    record.consent = terms.consent;
    record.referral = event.referral.id;
    record.before = event.before;
    record.after = event.after;
    const auto delivery = keys::new_id<DeliveryId>();
    const LeafIndex leaf = speak(turn, {says, bytes}, std::move(record), delivery, event.cause, subject);
    queue_delivery(turn, {.id = delivery,
                          .recipient = event.to,
                          .message = {OrganisationId::hub(), says.id},
                          .type = MessageType::referral_event,
                          .parcel = referral::Parcel::always,
                          .referral = event.referral.id,
                          .consent = terms.consent,
                          .accepted = leaf});
}

void say_revoked(Turn& turn, const OrganisationId& to, const ConsentId& consent, LeafIndex cause,
                 const keys::SubjectKey& subject) {
    codec::ConsentRevoked payload;
    payload.occurred_on = day_of(turn.at);
    const Bytes bytes = codec::encode(payload);
    statement::Statement says =
        hub_statement(turn, MessageType::consent_revoked, to, "ConsentRevoked", bytes);
    says.consent = consent;
    log::Record record;
    record.operation = log::Word::of(kMessageTypes.text(MessageType::consent_revoked));
    record.consent = consent;
    const auto delivery = keys::new_id<DeliveryId>();
    const LeafIndex leaf = speak(turn, {says, bytes}, std::move(record), delivery, cause, subject);
    queue_delivery(turn, {.id = delivery,
                          .recipient = to,
                          .message = {OrganisationId::hub(), says.id},
                          .type = MessageType::consent_revoked,
                          .parcel = referral::Parcel::always,
                          .referral = std::nullopt,
                          .consent = consent,
                          .accepted = leaf,
                          .not_before = std::nullopt,
                          .revocation = true});
}

void queue_delivery(Turn& turn, const Outgoing& outgoing) {
    turn.facts.put(store::DeliveryRow{.id = outgoing.id,
                                      .recipient = outgoing.recipient,
                                      .revocation = outgoing.revocation,
                                      .message = outgoing.message,
                                      .type = outgoing.type,
                                      .parcel = outgoing.parcel,
                                      .referral = outgoing.referral,
                                      .consent = outgoing.consent,
                                      .accepted = outgoing.accepted,
                                      .state = store::DeliveryState::waiting,
                                      .attempt = 0,
                                      .not_before = outgoing.not_before.value_or(turn.at),
                                      .lease_until = turn.at,
                                      .release = std::nullopt,
                                      .ack = std::nullopt,
                                      .settled_at = std::nullopt});
    turn.wake(outgoing.recipient);
}

void drop_waiting(Turn& turn, std::vector<store::DeliveryRow> deliveries) {
    for (store::DeliveryRow& delivery : deliveries) {
        // What the hub says, what ends a disclosure, and what may already be with its recipient, is not
        // taken back.
        const bool may_go =
            delivery.state == store::DeliveryState::waiting && delivery.parcel != referral::Parcel::always;
        if (!may_go) continue;
        delivery.state = store::DeliveryState::dropped;
        delivery.settled_at = turn.at;
        turn.facts.wipe_payload(delivery.message);
        turn.facts.put(delivery);
    }
}

namespace {

// Content that was entered by mistake goes at once, wherever it stands. Its delivery ends with it: left
// open it would hold back what the other side is to be told. The hub's own words hold no content.
void wipe(Turn& turn, store::DeliveryRow delivery) {
    if (delivery.message.sender == OrganisationId::hub()) return;
    turn.facts.wipe_payload(delivery.message);
    if (store::is_settled(delivery.state)) return;
    delivery.state = store::DeliveryState::dropped;
    delivery.settled_at = turn.at;
    turn.facts.put(delivery);
}

// What still waits for the recipient of an ended referral stays here.
void end_deliveries(Turn& turn, const referral::Referral& referral, bool content_wiped) {
    std::vector<store::DeliveryRow> waiting;
    for (store::DeliveryRow& delivery : turn.facts.deliveries_of(referral.id)) {
        if (content_wiped) {
            wipe(turn, std::move(delivery));
        } else if (delivery.recipient == referral.recipient) {
            waiting.push_back(std::move(delivery));
        }
    }
    drop_waiting(turn, std::move(waiting));
}

}  // namespace

bool passes_on(const referral::Applied& applied) {
    return std::any_of(applied.steps.begin(), applied.steps.end(), [](const referral::Step& step) {
        return step.referrer == referral::Told::as_sent || step.recipient == referral::Told::as_sent;
    });
}

log::Stage stage_of(const referral::Referral& referral) {
    return {referral::shown_state(referral), referral.version};
}

namespace {

// What each party is told of a step: by the hub, or by the message itself.
void tell(Turn& turn, const AppliedEvent& event, const referral::Referral& referral,
          const referral::Step& step, std::uint32_t version) {
    const auto tell_one = [&](referral::Told told, const OrganisationId& to) {
        if (told == referral::Told::hub_notice) {
            say_event(turn,
                      {.to = to,
                       .referral = referral,
                       .event = step.event,
                       .cause = event.leaf,
                       // An implied receipt before the answer has no reason of its own.
                       .reason = &step == &event.applied.steps.back() ? event.reason : std::nullopt,
                       .before = log::Stage{step.from, version - 1},
                       .after = log::Stage{step.to, version}},
                      event.subject);
        } else if (told == referral::Told::as_sent && event.sent) {
            queue_delivery(turn, {.id = event.delivery.value(),
                                  .recipient = to,
                                  .message = *event.sent,
                                  .type = MessageType::referral_event,
                                  .parcel = referral::parcel_of_event(step.event, false, event.has_sealed),
                                  .referral = referral.id,
                                  .consent = referral.terms.consent,
                                  .accepted = event.leaf});
        }
    };
    tell_one(step.referrer, referral.referrer);
    tell_one(step.recipient, referral.recipient);
}

}  // namespace

void write_applied(Turn& turn, const AppliedEvent& event) {
    store::ReferralRow row = event.before;
    row.referral = event.applied.referral;
    for (const referral::Step& step : event.applied.steps) {
        const bool declines = step.event == ReferralEvent::decline || step.event == ReferralEvent::redirect;
        if (declines) row.declined_for = event.reason;
    }
    turn.facts.put(row);
    if (is_terminal(row.referral.state)) end_deliveries(turn, row.referral, event.applied.content_wiped);
    std::uint32_t version = event.before.referral.version;
    for (const referral::Step& step : event.applied.steps) tell(turn, event, row.referral, step, ++version);
}

}  // namespace kesher::sequencer
