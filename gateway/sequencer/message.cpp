#include "gateway/sequencer/message.h"

#include <algorithm>

#include "gateway/consent/recording.h"
#include "gateway/sequencer/case_rows.h"
#include "schemas/statement/hash.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

// A referral's parties agreed for its purpose, and for hearing how it goes.
void want_consents(Wanted& wanted, const keys::RowKeys& keys, const CaseId& id,
                   const OrganisationId& discloser, const OrganisationId& recipient, Purpose purpose) {
    wanted.consent_keys.insert(keys.consent_key(id, discloser, recipient, purpose));
    wanted.consent_keys.insert(keys.consent_key(id, discloser, recipient, Purpose::status_feedback));
}

Incoming with_slots(Incoming incoming, const keys::RowKeys& row_keys) {
    if (!incoming.subject) return incoming;
    const CaseId& id = incoming.subject->case_id;
    incoming.referral_slots.emplace(CaseSlots::Of::referrals, row_keys, id);
    incoming.consent_slots.emplace(CaseSlots::Of::consents, row_keys, id);
    return incoming;
}

// At first a few slots; once those are here, as many more as it takes to find where the used ones end.
void want_slots_of(Keys<Digest>& wanted, const CaseSlots& slots, const Facts* facts) {
    const std::size_t used = facts == nullptr ? 0 : facts->first_unused(slots);
    if (facts != nullptr && used < CaseSlots::kAtFirst) return;
    const auto to_look_at = slots.until(CaseSlots::looked_at(used));
    wanted.insert(to_look_at.begin(), to_look_at.end());
}

// Whether a question without identity went out under this number: whoever was asked holds it, and a referral
// of that number would be known to it.
bool number_was_asked_under(const Turn& turn, const Incoming& incoming) {
    if (!begins_referral(incoming)) return false;
    const auto sent = turn.facts.deliveries_of(*incoming.says->referral);
    return std::any_of(sent.begin(), sent.end(), [](const store::DeliveryRow& delivery) {
        return delivery.type == MessageType::eligibility_asked ||
               delivery.type == MessageType::eligibility_answered;
    });
}

bool is_unlogged(Code code) { return facts_of(code).status == 401; }

}  // namespace

MessageRequest::MessageRequest(Incoming incoming, const keys::RowKeys& row_keys, RefusalCounts& counts)
    : incoming_(with_slots(std::move(incoming), row_keys)),
      row_keys_(row_keys),
      counts_(counts),
      wanted_(what_decides()) {}

bool begins_referral(const Incoming& incoming) {
    return incoming.says->type == MessageType::referral_submitted ||
           std::holds_alternative<codec::Draft>(*incoming.payload);
}

Lane lane_of(const Incoming& incoming) {
    if (!incoming.says || !incoming.payload || incoming.flaw) return Lane::ordinary;
    if (incoming.says->type == MessageType::consent_revoked) return Lane::first;
    const auto* event = std::get_if<codec::ReferralEventPayload>(&*incoming.payload);
    const bool stops = event != nullptr &&
                       (event->event == ReferralEvent::withdraw || event->event == ReferralEvent::freeze);
    return stops ? Lane::first : Lane::ordinary;
}

std::size_t MessageRequest::bytes() const {
    return incoming_.statement.size() + incoming_.sealed_payload.size() + 1'024;
}

Wanted MessageRequest::what_decides() const {
    Wanted wanted;
    if (incoming_.id) wanted.messages.insert({incoming_.sender, *incoming_.id});
    if (!incoming_.says || incoming_.flaw) return wanted;
    const statement::Statement& says = *incoming_.says;
    // Only the consent of its own direction decides a submission.
    const bool submits = says.type == MessageType::referral_submitted;
    if (says.referral) {
        wanted.referrals.insert(*says.referral);
        wanted.deliveries_of_referrals.insert(*says.referral);
    }
    // A submission's own consent is met under the key of what it is for, or it is not this case's.
    if (says.consent && !submits) wanted.consents.insert(*says.consent);
    if (!incoming_.subject) return wanted;
    const CaseId& id = incoming_.subject->case_id;
    wanted.cases.insert(row_keys_.case_key(id));
    want_slots(nullptr, wanted);
    // By statute the word that stops it may be about another purpose.
    if (submits && says.basis && needs_no_consent(*says.basis)) {
        for (const Digest& key : pair_keys(row_keys_, id, says.from, says.to)) {
            wanted.consent_keys.insert(key);
        }
    }
    if (says.purpose && submits) {
        wanted.consent_keys.insert(row_keys_.consent_key(id, says.from, says.to, *says.purpose));
    } else if (says.purpose) {
        // Whoever is the discloser, both ways are looked up: an update is judged by the same consent.
        want_consents(wanted, row_keys_, id, says.from, says.to, *says.purpose);
        want_consents(wanted, row_keys_, id, says.to, says.from, *says.purpose);
    }
    if (const auto* given = std::get_if<codec::ConsentGiven>(&*incoming_.payload)) {
        if (given->form_sha256)
            wanted.forms.insert({form_for(*given->form_sha256, given->recipient), given->recipient});
    }
    return wanted;
}

// A new referral takes the next slot. A consent rests on all that she said before, and a withdrawal ends what
// hangs on it, also what waits by statute: bytes may have left under a consent that was renewed since, and
// whoever got them is told as well.
void MessageRequest::want_slots(const Facts* facts, Wanted& wanted) const {
    const bool withdraws = incoming_.says->type == MessageType::consent_revoked;
    if (begins_referral(incoming_)) {
        const CaseSlots& slots = *incoming_.referral_slots;
        if (facts == nullptr) {
            static_cast<void>(
                slots.until(1));  // what it is known by, hashed here like the rest of what is wanted
            wanted.used_slots_of.push_back({&slots, incoming_.subject->pseudonym});
        } else if (!facts->knows_used(slots) && facts->first_unused(slots) >= CaseSlots::kBySubmission) {
            want_slots_of(wanted.used_slots, slots, facts);
        }
    }
    if (!withdraws && incoming_.says->type != MessageType::consent_given) return;
    want_slots_of(wanted.consent_slots, *incoming_.consent_slots, facts);
    if (!withdraws) return;
    want_slots_of(wanted.deliveries_of_consent_slots, *incoming_.consent_slots, facts);
    want_slots_of(wanted.referral_slots, *incoming_.referral_slots, facts);
    // With the same round trip, whether there are any or not: one more would tell whoever passes on her no
    // that somebody refers her by statute.
    want_slots_of(wanted.by_statute_of_referral_slots, *incoming_.referral_slots, facts);
}

void MessageRequest::want_more(const Facts& facts, const Means&, Wanted& wanted) const {
    if (!incoming_.says || incoming_.flaw) return;
    if (incoming_.subject) want_slots(&facts, wanted);
    if (incoming_.says->type != MessageType::consent_revocation_acked) return;
    // The notice that this answers is filed under the consent that ended.
    const store::ConsentRow* consent = facts.consent(*incoming_.says->consent);
    if (consent != nullptr) wanted.deliveries_of_consent_slots.insert(consent->slot);
}

std::optional<Answer> MessageRequest::earlier_answer(const Turn& turn) const {
    if (!incoming_.id) return std::nullopt;
    const store::MessageRow* earlier = turn.facts.message({incoming_.sender, *incoming_.id});
    if (earlier == nullptr) return std::nullopt;
    if (earlier->claims == incoming_.claims && earlier->payload == incoming_.payload_digest) {
        return Answer{
            .code = earlier->code, .repeated = true, .leaf = earlier->index, .receipt = {}, .at = {}};
    }
    return Answer{.code = Code::id_reused, .repeated = false, .leaf = {}, .receipt = {}, .at = {}};
}

Answer MessageRequest::decide(Turn& turn) {
    // Its certificate was ended while this waited, or while an earlier one of its basket was decided: whoever
    // holds the connection is not the body any more, and not even what ends a disclosure is its word.
    if (turn.registry.owner_of(incoming_.certificate) != incoming_.sender)
        return refuse(turn, Code::certificate_unknown);
    if (auto earlier = earlier_answer(turn)) {
        if (!earlier->repeated) return refuse(turn, Code::id_reused);
        return *earlier;
    }
    if (incoming_.flaw) return refuse(turn, *incoming_.flaw);
    const auto accepted = accept(turn);
    if (!accepted) return refuse(turn, accepted.error());
    return {.code = {}, .repeated = false, .leaf = *accepted, .receipt = {}, .at = {}};
}

Accepted MessageRequest::accept(Turn& turn) const {
    if (number_was_asked_under(turn, incoming_)) return Failure{Code::id_reused};
    switch (incoming_.says->type) {
        case MessageType::referral_submitted:
            return accept_referral(turn, incoming_);
        case MessageType::referral_event:
            return std::holds_alternative<codec::Draft>(*incoming_.payload)
                       ? accept_draft(turn, incoming_)
                       : accept_referral_event(turn, incoming_);
        case MessageType::consent_given:
            return accept_consent(turn, incoming_);
        case MessageType::consent_revoked:
            return accept_revocation(turn, incoming_);
        default:
            return accept_report(turn, incoming_);
    }
}

Answer MessageRequest::refuse(Turn& turn, Code code) const {
    Answer answer{.code = code, .repeated = false, .leaf = {}, .receipt = {}, .at = {}};
    if (is_unlogged(code) || !counts_.may_log(incoming_.sender, code, turn.at)) {
        counts_.add(incoming_.sender, code, turn.at);
        return answer;
    }
    log::Record record = record_of(incoming_, log::RecordEvent::refused);
    record.decision = log::Decision::deny;
    record.code = code;
    answer.leaf = turn.append(incoming_.statement, std::move(record),
                              incoming_.subject ? &incoming_.subject->subject_key : nullptr);
    // A message id that is taken stays what it was; any other is used up by this refusal. (`id_reused` may
    // also be about the referral's or the consent's id.)
    if (incoming_.id && turn.facts.message({incoming_.sender, *incoming_.id}) == nullptr) {
        turn.facts.add(store::MessageRow{{incoming_.sender, *incoming_.id},
                                         incoming_.claims,
                                         incoming_.payload_digest,
                                         *answer.leaf,
                                         code});
    }
    return answer;
}

log::Record record_of(const Incoming& incoming, log::RecordEvent event) {
    log::Record record;
    record.event = event;
    record.actor_type = incoming.role == OfficerRole::system ? log::ActorType::system : log::ActorType::human;
    record.actor = incoming.officer;
    record.role = incoming.role;
    record.org = incoming.sender;
    record.auth = log::Auth{std::nullopt, incoming.certificate};
    record.message = incoming.id;
    if (!incoming.says) return record;
    const statement::Statement& says = *incoming.says;
    record.operation = log::Word::of(kMessageTypes.text(says.type));
    record.purpose = says.purpose;
    record.basis = says.basis;
    record.consent = says.consent;
    record.referral = says.referral;
    record.recipient = says.to;
    if (says.groups) record.scope = log::Scope{says.groups, std::nullopt, std::nullopt};
    return record;
}

referral::Actor actor_of(const Turn& turn, const Incoming& incoming) {
    const Organisation* organisation = turn.registry.find(incoming.sender);
    const store::OfficerRow* officer = turn.registry.officer(incoming.sender, *incoming.officer);
    referral::Actor actor{.kind = organisation->row.kind, .role = *incoming.role};
    if (officer == nullptr) return actor;
    actor.holds_role =
        std::find(officer->roles.begin(), officer->roles.end(), *incoming.role) != officer->roles.end();
    actor.suspended = officer->suspended;
    actor.training_valid_until = officer->training_valid_until;
    return actor;
}

void keep_message(Turn& turn, const Incoming& incoming, LeafIndex leaf) {
    const store::MessageKey key{incoming.sender, *incoming.id};
    turn.facts.add(store::MessageRow{key, incoming.claims, incoming.payload_digest, leaf, std::nullopt});
    turn.facts.add(store::PayloadRow{key, incoming.sealed_payload, turn.at});
}

std::vector<consent::Consent> consents_for_submission(const Turn& turn, const CaseId& case_id,
                                                      const OrganisationId& discloser,
                                                      const OrganisationId& recipient, Purpose purpose) {
    const std::array under{turn.means.row_keys.consent_key(case_id, discloser, recipient, purpose)};
    return turn.facts.consents_under(under);
}

std::vector<consent::Consent> consents_for(const Turn& turn, const CaseId& case_id,
                                           const OrganisationId& discloser, const OrganisationId& recipient,
                                           Purpose purpose) {
    const keys::RowKeys& keys = turn.means.row_keys;
    const std::array under{keys.consent_key(case_id, discloser, recipient, purpose),
                           keys.consent_key(case_id, discloser, recipient, Purpose::status_feedback)};
    return turn.facts.consents_under(under);
}

bool recorded_under_another_name(const Turn& turn, const Incoming& incoming,
                                 const consent::Consent& consent) {
    if (consent.recorded_by != incoming.sender) return false;
    const store::ConsentRow* row = turn.facts.consent(consent.id);
    return case_of(turn.means.sealed_store, *row).pseudonym != incoming.subject->pseudonym;
}

bool is_her_no(const consent::Consent& consent) {
    constexpr WordSet<ConsentState> kHerNo{ConsentState::revoked, ConsentState::rejected};
    return kHerNo.has(consent.state) || consent.harm_veto;
}

std::vector<consent::Consent> heard_by_this_name(const Turn& turn, const Incoming& incoming,
                                                 std::vector<consent::Consent> consents) {
    std::erase_if(consents, [&](const consent::Consent& each) {
        return !is_her_no(each) && recorded_under_another_name(turn, incoming, each);
    });
    return consent::as_heard(std::move(consents));
}

std::vector<Digest> pair_keys(const keys::RowKeys& keys, const CaseId& case_id,
                              const OrganisationId& discloser, const OrganisationId& recipient) {
    std::vector<Digest> under;
    for (std::size_t i = 0; i < kPurposes.size(); ++i) {
        const auto purpose = static_cast<Purpose>(i);
        const bool of_a_consent = purpose != Purpose::rehearsal && purpose != Purpose::break_glass;
        if (of_a_consent) under.push_back(keys.consent_key(case_id, discloser, recipient, purpose));
    }
    return under;
}

std::vector<consent::Consent> consents_of_pair(const Turn& turn, const CaseId& case_id,
                                               const OrganisationId& discloser,
                                               const OrganisationId& recipient) {
    return turn.facts.consents_under(pair_keys(turn.means.row_keys, case_id, discloser, recipient));
}

consent::Revealing revealing(const Turn& turn, const OrganisationId& from, const OrganisationId& to,
                             Service service) {
    const Organisation* sender = turn.registry.find(from);
    const Organisation* recipient = turn.registry.find(to);
    return {.sender_reveals = sender == nullptr || sender->traits.reveals,
            .service_reveals = turn.registry.catalogue().service(service).reveals,
            .recipient_in_programme = recipient != nullptr && recipient->traits.in_programme};
}

Digest form_for(const Digest& form, const OrganisationId& recipient) {
    return statement::sha256({bytes_of("kesher.form.v1"), form.view(), bytes_of(recipient.text())});
}

WordSet<DataGroup> groups_of(const statement::Statement& says) {
    WordSet<DataGroup> set;
    if (says.groups) {
        for (const DataGroup group : *says.groups) set.add(group);
    }
    return set;
}

}  // namespace kesher::sequencer
