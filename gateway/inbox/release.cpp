#include "gateway/inbox/release.h"

#include "gateway/consent/statute.h"
#include "gateway/referral/release.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/hub_voice.h"
#include "gateway/sequencer/message.h"
#include "schemas/contract/limits.h"

namespace kesher::inbox {
namespace {

using namespace contract;
using sequencer::Turn;

// What belongs to a case carries its recipient's name for it; a notice of revocation reaches a body
// that may know the case by several referrals and names none.
struct Subject {
    keys::CaseSecrets known_by_sender;
    std::optional<keys::CaseSecrets> known_by_recipient;
};

// The referral that a delivery belongs to. A report that bears a referral's number belongs to none, and who
// is no party to a referral learns of it neither her name with the recipient nor how it stands.
const store::ReferralRow* referral_of(const Turn& turn, const store::DeliveryRow& delivery) {
    const bool moves =
        delivery.type == MessageType::referral_submitted || delivery.type == MessageType::referral_event;
    const store::ReferralRow* row =
        moves && delivery.referral ? turn.facts.referral(*delivery.referral) : nullptr;
    if (row == nullptr) return nullptr;
    const bool party =
        delivery.recipient == row->referral.referrer || delivery.recipient == row->referral.recipient;
    return party ? row : nullptr;
}

// It may not go, and until it is looked at again the place at the inbox's head is another's: one sender
// whose agreement has ended would else keep from the recipient what everybody else sends it.
void step_aside(Turn& turn, store::DeliveryRow delivery, std::optional<Instant> until) {
    delivery.not_before = until.value_or(turn.at + kReleaseLookAgain);
    turn.facts.put(std::move(delivery));
}

bool is_due(const store::DeliveryRow& delivery, const OrganisationId& recipient, Instant at) {
    if (delivery.recipient != recipient || store::is_settled(delivery.state) || delivery.not_before > at)
        return false;
    return delivery.state == store::DeliveryState::waiting || delivery.lease_until <= at;
}

// The case's name for this recipient: the opener's own, or one made at the first release of a referral.
keys::CaseSecrets secrets_for(Turn& turn, store::ReferralRow& row, const OrganisationId& recipient) {
    const keys::SealedStore& sealed = turn.means.sealed_store;
    const keys::CaseSecrets of_referrer = sequencer::referrer_of(sealed, row);
    if (recipient == row.referral.referrer) return of_referrer;
    if (auto known = sequencer::recipient_of(sealed, row)) return *std::move(known);
    const keys::CaseSecrets fresh{of_referrer.case_id, of_referrer.subject_key, keys::new_pseudonym()};
    const Digest lookup = turn.means.row_keys.lookup(recipient, fresh.pseudonym);
    turn.facts.add(store::PseudonymRow{recipient, lookup, sealed.seal_case(recipient, lookup, fresh)});
    row.recipient_sealed = sequencer::seal_recipient(sealed, row.referral.id, fresh);
    return fresh;
}

// Her referral leaves; at the first time it becomes one of those that fill her case (kReferralsPerCase).
void note_departure(Turn& turn, store::ReferralRow& row, const CaseId& id) {
    if (row.referral.released) return;
    row.referral.released = true;
    turn.facts.disclose(turn.means.row_keys.referral_slot(id, 0), row);
}

// Of an ended referral the last update of its recipient is the one that ended it.
bool brought_the_end(const Turn& turn, const store::DeliveryRow& delivery,
                     const referral::Referral& referral) {
    if (!is_terminal(referral.state)) return false;
    for (const store::DeliveryRow& other : turn.facts.deliveries_of(referral.id)) {
        const bool later =
            other.message.sender == delivery.message.sender && other.accepted > delivery.accepted;
        if (later) return false;
    }
    return true;
}

ReferralEvent event_of_end(ReferralState end) {
    switch (end) {
        case ReferralState::declined:
            return ReferralEvent::decline;
        case ReferralState::withdrawn:
            return ReferralEvent::withdraw;
        case ReferralState::cancelled:
            return ReferralEvent::cancel;
        case ReferralState::expired:
            return ReferralEvent::expire;
        case ReferralState::failed:
            return ReferralEvent::fail;
        case ReferralState::erroneous:
            return ReferralEvent::mark_error;
        default:
            return ReferralEvent::complete;
    }
}

// What her word says of this parcel now: by a consent what it carries, by a statute whether she said no.
// The groups are the message's own, as they were at its acceptance: an update may carry more than its
// referral did, and she may have taken a group back since.
void add_her_word(const Turn& turn, const store::DeliveryRow& delivery, const Candidate& candidate,
                  const store::ReferralRow& row, referral::ReleaseFacts& facts) {
    const referral::Referral& referral = row.referral;
    const referral::Terms& terms = referral.terms;
    const CaseId id = sequencer::referrer_of(turn.means.sealed_store, row).case_id;
    const bool goes_back = delivery.message.sender == referral.recipient;
    if (goes_back) facts.update_ends = brought_the_end(turn, delivery, referral);
    if (needs_no_consent(terms.basis)) {
        facts.consent =
            consent::her_no(sequencer::consents_of_pair(turn, id, referral.referrer, referral.recipient),
                            referral.referrer, referral.recipient, terms.purpose);
        return;
    }
    const auto consents =
        sequencer::consents_for(turn, id, referral.referrer, referral.recipient, terms.purpose);
    if (goes_back) {
        const auto carriage = consent::evaluate_update({.named = std::nullopt,
                                                        .discloser = referral.referrer,
                                                        .recipient = referral.recipient,
                                                        .purpose = terms.purpose,
                                                        .groups = candidate.groups,
                                                        .service = terms.service},
                                                       consents, turn.at);
        if (!carriage) facts.consent = carriage.error();
        facts.feedback = carriage && *carriage == consent::Carriage::carried;
        return;
    }
    const auto verdict = consent::evaluate(
        {.named = std::nullopt,
         .discloser = referral.referrer,
         .recipient = referral.recipient,
         .purpose = terms.purpose,
         .groups = candidate.groups,
         .service = terms.service,
         .revealing = sequencer::revealing(turn, referral.referrer, referral.recipient, terms.service)},
        consents, turn.at);
    if (!verdict) facts.consent = verdict.error();
}

referral::ReleaseFacts facts_of(const Turn& turn, const store::DeliveryRow& delivery,
                                const Candidate& candidate, const store::ReferralRow& row) {
    const referral::Terms& terms = row.referral.terms;
    referral::ReleaseFacts facts{.parcel = delivery.parcel,
                                 .to_status = turn.registry.find(delivery.recipient)->row.status};
    if (delivery.parcel == referral::Parcel::always) return facts;
    const OrganisationId& from = delivery.message.sender;
    if (from != OrganisationId::hub()) facts.from_status = turn.registry.find(from)->row.status;
    facts.agreement_active =
        agreement::find_agreement(turn.registry.agreement_list(),
                                  {from, delivery.recipient, delivery.type, terms.purpose, candidate.groups},
                                  turn.at)
            .has_value();
    facts.not_before = delivery.not_before;
    facts.goes_out = delivery.recipient == row.referral.recipient;
    add_her_word(turn, delivery, candidate, row, facts);
    return facts;
}

log::Record release_record(const store::DeliveryRow& delivery, const Candidate& candidate,
                           const store::ReferralRow* row, log::Decision decision) {
    log::Record record;
    record.event = log::RecordEvent::released;
    record.actor_type = log::ActorType::system;
    record.org = delivery.message.sender;
    record.operation = log::Word::of(kMessageTypes.text(delivery.type));
    record.decision = decision;
    record.message = delivery.message.id;
    record.statement = candidate.statement;
    record.referral = delivery.referral;
    record.recipient = delivery.recipient;
    record.consent = delivery.consent;
    if (row != nullptr) {
        record.purpose = row->referral.terms.purpose;
        record.basis = row->referral.terms.basis;
    }
    record.facts.add("delivery", delivery.id.text()).add("attempt", delivery.attempt);
    return record;
}

// Whether the referrer is still told how the referral goes, where this release changes it.
void add_updates(log::Record& record, const referral::Release& verdict) {
    if (verdict.updates_stopped)
        record.facts.add("updates", *verdict.updates_stopped ? "stopped" : "carried");
}

// What hangs on no referral (questions without identity, screenings): both are active, and have agreed on it.
// What a thief sent in the name of a body stays here with the rest of that body's.
bool may_pass_between(const Turn& turn, const store::DeliveryRow& delivery, const Candidate& candidate) {
    const OrganisationId& from = delivery.message.sender;
    const auto is_active = [&](const OrganisationId& id) {
        return turn.registry.find(id)->row.status == OrganisationStatus::active;
    };
    if (!is_active(delivery.recipient)) return false;
    if (from == OrganisationId::hub()) return true;
    return is_active(from) && candidate.purpose &&
           agreement::find_agreement(turn.registry.agreement_list(),
                                     {from, delivery.recipient, delivery.type, *candidate.purpose, {}},
                                     turn.at)
               .has_value();
}

// What cannot go is dropped with its reason, and what follows for the referral happens at once.
void drop(Turn& turn, store::DeliveryRow delivery, const Candidate& candidate, const store::ReferralRow& row,
          const referral::Release& verdict) {
    const keys::CaseSecrets secrets = sequencer::referrer_of(turn.means.sealed_store, row);
    log::Record record = release_record(delivery, candidate, &row, log::Decision::deny);
    record.code = verdict.code;
    add_updates(record, verdict);
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record), &secrets.subject_key);
    delivery.state = store::DeliveryState::dropped;
    delivery.settled_at = turn.at;
    turn.facts.put(delivery);
    turn.facts.wipe_payload(delivery.message);
    if (verdict.notice_of_end) {
        sequencer::say_event(turn,
                             {.to = row.referral.referrer,
                              .referral = row.referral,
                              .event = event_of_end(row.referral.state),
                              .cause = leaf,
                              .reason = candidate.reason,
                              .outcome = candidate.outcome},
                             secrets.subject_key);
    }
    if (!verdict.then) return;
    const auto applied = referral::apply(
        row.referral, {.event = *verdict.then, .by = referral::By::hub, .caller = std::nullopt}, {}, turn.at);
    if (!applied) return;
    const store::ReferralRow before = row;
    sequencer::write_applied(
        turn, {.before = before, .applied = *applied, .subject = secrets.subject_key, .leaf = leaf});
}

}  // namespace

void Release::want(sequencer::Wanted& wanted) const {
    for (const Candidate& candidate : candidates_) {
        wanted.deliveries.insert(candidate.id);
        if (candidate.consent) wanted.consents.insert(*candidate.consent);
        if (!candidate.referral) continue;
        wanted.referrals.insert(*candidate.referral);
        wanted.deliveries_of_referrals.insert(*candidate.referral);
    }
}

void Release::want_more(const sequencer::Facts& facts, const sequencer::Means& means,
                        sequencer::Wanted& wanted) const {
    for (const Candidate& candidate : candidates_) {
        const store::ReferralRow* row = candidate.referral ? facts.referral(*candidate.referral) : nullptr;
        if (row == nullptr) continue;
        const CaseId id = sequencer::referrer_of(means.sealed_store, *row).case_id;
        const referral::Referral& referral = row->referral;
        if (needs_no_consent(referral.terms.basis)) {
            for (const Digest& key :
                 sequencer::pair_keys(means.row_keys, id, referral.referrer, referral.recipient)) {
                wanted.consent_keys.insert(key);
            }
        }
        for (const Purpose purpose : {referral.terms.purpose, Purpose::status_feedback}) {
            wanted.consent_keys.insert(
                means.row_keys.consent_key(id, referral.referrer, referral.recipient, purpose));
        }
    }
}

void Release::decide_one(Turn& turn, const Candidate& candidate) {
    const store::DeliveryRow* stored = turn.facts.delivery(candidate.id);
    if (stored == nullptr || !is_due(*stored, recipient_, turn.at)) return;
    store::DeliveryRow delivery = *stored;
    const store::ReferralRow* known = referral_of(turn, delivery);
    std::optional<store::ReferralRow> row;
    if (known != nullptr) row = *known;

    referral::Release verdict{.verdict = referral::ReleaseVerdict::permit};
    if (row) {
        verdict = referral::decide_release(row->referral, facts_of(turn, delivery, candidate, *row), turn.at);
        if (verdict.updates_stopped) {
            row->referral.updates_stopped = *verdict.updates_stopped;
            turn.facts.put(*row);
        }
        if (verdict.verdict == referral::ReleaseVerdict::drop)
            return drop(turn, delivery, candidate, *row, verdict);
        if (verdict.verdict == referral::ReleaseVerdict::wait)
            return step_aside(turn, std::move(delivery), verdict.not_before);
    } else if (delivery.parcel != referral::Parcel::always && !may_pass_between(turn, delivery, candidate)) {
        return step_aside(turn, std::move(delivery), std::nullopt);  // until both may, and have agreed to
    }

    delivery.state = store::DeliveryState::leased;
    delivery.attempt += 1;
    delivery.lease_until = turn.at + limits::kLease;
    std::optional<keys::CaseSecrets> secrets;
    if (row) {
        secrets = secrets_for(turn, *row, recipient_);
        if (delivery.type == MessageType::referral_submitted) note_departure(turn, *row, secrets->case_id);
        turn.facts.put(*row);
    } else if (const store::ConsentRow* consent =
                   delivery.consent ? turn.facts.consent(*delivery.consent) : nullptr) {
        secrets = sequencer::case_of(turn.means.sealed_store, *consent);
    }
    log::Record record = release_record(delivery, candidate, row ? &*row : nullptr, log::Decision::permit);
    add_updates(record, verdict);
    delivery.release =
        turn.append(std::nullopt, std::move(record), secrets ? &secrets->subject_key : nullptr);
    turn.facts.put(delivery);
    released_.push_back({.id = delivery.id,
                         // A notice that names no referral goes under a name that means nothing.
                         .pseudonym = row ? secrets->pseudonym : keys::new_pseudonym(),
                         .version = row ? row->referral.version : 0,
                         .attempt = delivery.attempt,
                         .not_after = turn.at + limits::kReleaseValidity,
                         .proof = {.index = *delivery.release, .leaf = {}, .receipt = {}}});
}

sequencer::Answer Release::decide(Turn& turn) {
    released_.clear();
    // Its certificates were ended while it waited: whoever holds the connection is not the body any more.
    if (turn.registry.certificates_of(recipient_).empty()) return {};
    for (const Candidate& candidate : candidates_) decide_one(turn, candidate);
    return {};
}

void Release::committed(std::vector<sequencer::Receipted> receipts) {
    for (Released& released : released_) {
        for (sequencer::Receipted& receipted : receipts) {
            if (receipted.index == released.proof.index) released.proof = std::move(receipted);
        }
    }
}

}  // namespace kesher::inbox
