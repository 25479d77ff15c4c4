// referral.submitted.v1, and the draft of one: gathers the facts, asks the rules, writes what follows.
#include "gateway/consent/statute.h"
#include "gateway/keys/secret.h"
#include "gateway/referral/release.h"
#include "gateway/referral/submission.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/case_shares.h"
#include "gateway/sequencer/hub_voice.h"
#include "gateway/sequencer/message.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

template <class T>
std::optional<Code> against(const Result<T, Code>& verdict) {
    if (verdict) return std::nullopt;
    return verdict.error();
}

std::optional<referral::Recipient> recipient_facts(const Turn& turn, const OrganisationId& to,
                                                   Service service) {
    const Organisation* recipient = turn.registry.find(to);
    if (recipient == nullptr) return std::nullopt;
    return referral::Recipient{recipient->row.kind, recipient->row.status, turn.registry.offers(to, service)};
}

OrganisationKind kind_of(const Turn& turn, const OrganisationId& id) {
    const Organisation* organisation = turn.registry.find(id);
    return organisation == nullptr ? OrganisationKind::tool : organisation->row.kind;
}

referral::Terms terms_of(const Incoming& incoming, const codec::ReferralSubmitted& payload) {
    const statement::Statement& says = *incoming.says;
    return {.service = *says.service,
            .purpose = *says.purpose,
            .basis = *says.basis,
            .groups = groups_of(says),
            .consent = says.consent,
            .known_by = payload.known_by,
            .priority = payload.priority};
}

std::optional<Code> consent_verdict(const Turn& turn, const Incoming& incoming) {
    const statement::Statement& says = *incoming.says;
    const consent::Revealing shown = revealing(turn, says.from, says.to, *says.service);
    const CaseId& id = incoming.subject->case_id;
    const consent::Question question{.named = says.consent,
                                     .discloser = says.from,
                                     .recipient = says.to,
                                     .purpose = *says.purpose,
                                     .groups = groups_of(says),
                                     .service = *says.service,
                                     .revealing = shown};
    if (needs_no_consent(*says.basis)) {
        return against(
            consent::evaluate_by_statute(question, consents_of_pair(turn, id, says.from, says.to)));
    }
    const auto consents = heard_by_this_name(
        turn, incoming, consents_for_submission(turn, id, says.from, says.to, *says.purpose));
    // Her no that it recorded under another name stops this one, and is none of which it is told here. (A yes
    // under another name was not heard.)
    const consent::Consent* decider = consent::deciding_consent(consents, says.from, says.to, *says.purpose);
    if (decider != nullptr && is_her_no(*decider) && recorded_under_another_name(turn, incoming, *decider))
        return Code::consent_missing;
    return against(consent::evaluate(question, consents, turn.at));
}

struct Judged {
    referral::SubmitFacts facts;
    std::optional<AgreementId> agreement;
};

// `referrals`: how many the case has, as in what follows.
Judged facts_of(const Turn& turn, const Incoming& incoming, const store::CaseRow& file,
                const referral::Terms& terms, std::size_t referrals) {
    const statement::Statement& says = *incoming.says;
    const agreement::Disclosure disclosure{says.from, says.to, says.type, terms.purpose, terms.groups};
    const auto agreed = agreement::find_agreement(turn.registry.agreement_list(), disclosure, turn.at);
    const store::ReferralRow* existing = turn.facts.referral(*says.referral);
    Judged judged{{.id = *says.referral,
                   .from = says.from,
                   .to = says.to,
                   .terms = terms,
                   .from_status = turn.registry.find(says.from)->row.status,
                   .actor = actor_of(turn, incoming),
                   .recipient = recipient_facts(turn, says.to, terms.service),
                   .anonymous_case = file.anonymous},
                  agreed ? *agreed : std::nullopt};
    judged.facts.other_referrals = referrals - (existing == nullptr || referrals == 0 ? 0 : 1);
    if (existing != nullptr) judged.facts.existing = existing->referral;
    judged.facts.agreement = against(agreed);
    judged.facts.basis =
        against(agreement::basis_may_stand(terms.basis, kind_of(turn, says.from), kind_of(turn, says.to)));
    judged.facts.consent = consent_verdict(turn, incoming);
    return judged;
}

std::uint32_t random_share() {
    std::array<std::uint8_t, 4> bytes{};
    keys::fill_random(bytes);
    return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
           static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

// A draft that is submitted keeps its row and slot; a new referral takes the case's next slot.
store::ReferralRow row_of(const Turn& turn, const Incoming& incoming, const referral::Referral& referral,
                          std::size_t referrals) {
    if (const store::ReferralRow* existing = turn.facts.referral(referral.id)) {
        store::ReferralRow row = *existing;
        row.referral = referral;
        return row;
    }
    return {referral, std::nullopt, incoming.referral_slots->at(referrals), incoming.referrer_sealed,
            std::nullopt};
}

// A new one that has no place left. One that is there goes on.
bool is_one_too_many(const Turn& turn, const Incoming& incoming) {
    if (turn.facts.referral(*incoming.says->referral) != nullptr) return false;
    const bool submits = incoming.says->type == MessageType::referral_submitted;
    return !has_share_left(turn.facts.used_slots_of(*incoming.referral_slots),
                           {.referrer = incoming.sender,
                            .name = incoming.subject->pseudonym,
                            .as = submits ? Begun::submission : Begun::draft});
}

// The row must be of this very name: an id that was used under another one is taken, even where both are
// names of one woman. A body is not to try out which of its names are.
bool belongs(const Turn& turn, const Incoming& incoming, const ReferralId& id) {
    const store::ReferralRow* row = turn.facts.referral(id);
    if (row == nullptr) return true;
    return row->referral.referrer == incoming.sender &&
           referrer_of(turn.means.sealed_store, *row).pseudonym == incoming.subject->pseudonym;
}

// What is asked of a referral that is there already. As for its draft, so for asking her: an officer who may
// refer her, of a body that is active, and about nothing but what the draft is about.
struct Drafted {
    const store::ReferralRow& row;
    bool anonymous_case;
    bool notice_published;
};

std::optional<Code> against_asking(const Turn& turn, const Incoming& incoming, const Drafted& drafted) {
    const auto& draft = std::get<codec::Draft>(*incoming.payload);
    const statement::Statement& says = *incoming.says;
    if (turn.registry.find(says.from)->row.status != OrganisationStatus::active)
        return Code::organisation_suspended;
    const auto deed = drafted.anonymous_case ? referral::Deed::submit_anonymous : referral::Deed::submit;
    const auto may = referral::actor_may(actor_of(turn, incoming), deed, turn.at);
    if (!may) return may.error();
    const referral::Referral& referral = drafted.row.referral;
    const bool same = says.purpose == referral.terms.purpose && says.basis == referral.terms.basis &&
                      draft.recipient == referral.recipient && draft.service == referral.terms.service;
    if (draft.event == ReferralEvent::ask_consent && !same) return Code::statement_invalid;
    return std::nullopt;
}

Accepted accept_of_draft(Turn& turn, const Incoming& incoming, const Drafted& drafted) {
    if (const auto code = against_asking(turn, incoming, drafted)) return Failure{*code};
    const auto& draft = std::get<codec::Draft>(*incoming.payload);
    const store::ReferralRow before = drafted.row;
    const auto applied = referral::apply(before.referral,
                                         {.event = draft.event,
                                          .by = referral::By::ref,
                                          .caller = incoming.sender,
                                          .notice_published = drafted.notice_published},
                                         {}, turn.at);
    if (!applied) return Failure{applied.error()};
    log::Record record = record_of(incoming, log::RecordEvent::accepted);
    record.operation = log::Word::of(kReferralEvents.text(draft.event));
    record.decision = log::Decision::permit;
    record.before = stage_of(before.referral);
    record.after = stage_of(applied->referral);
    const LeafIndex leaf = turn.append(incoming.statement, std::move(record), &incoming.subject->subject_key);
    keep_message(turn, incoming, leaf);
    write_applied(turn, {.before = before,
                         .applied = *applied,
                         .subject = incoming.subject->subject_key,
                         .leaf = leaf,
                         .sent = store::MessageKey{incoming.sender, *incoming.id}});
    return leaf;
}

}  // namespace

Accepted accept_referral(Turn& turn, const Incoming& incoming) {
    const auto& payload = std::get<codec::ReferralSubmitted>(*incoming.payload);
    const store::CaseRow* stored_file =
        turn.facts.case_file(turn.means.row_keys.case_key(incoming.subject->case_id));
    if (stored_file == nullptr) return Failure{Code::not_found};
    if (!belongs(turn, incoming, *incoming.says->referral)) return Failure{Code::id_reused};
    const std::size_t referrals = turn.facts.used_slots_of(*incoming.referral_slots).size();
    const referral::Terms terms = terms_of(incoming, payload);
    const Judged judged = facts_of(turn, incoming, *stored_file, terms, referrals);
    const auto decided = referral::decide_submit(judged.facts, turn.at);
    if (!decided) return Failure{decided.error()};
    if (is_one_too_many(turn, incoming)) return Failure{Code::event_not_allowed};

    const auto not_before =
        referral::release_not_before({terms.priority, turn.means.release_spread, random_share()}, turn.at);
    store::ReferralRow row = row_of(turn, incoming, *decided, referrals);

    log::Record record = record_of(incoming, log::RecordEvent::accepted);
    record.operation = log::Word::of(kReferralEvents.text(ReferralEvent::submit));
    record.agreement = judged.agreement;
    record.decision = log::Decision::permit;
    if (judged.facts.existing) record.before = stage_of(*judged.facts.existing);
    record.after = stage_of(*decided);
    record.facts.add("service", kServices.text(terms.service))
        .add("known_by", kKnownBy.text(terms.known_by))
        .add("occurred_on", payload.occurred_on)
        .add("priority", kPriorities.text(terms.priority));
    const auto delivery = keys::new_id<DeliveryId>();
    record.facts.add("delivery", delivery.text());
    if (not_before) record.facts.add("not_before", *not_before);
    const LeafIndex leaf = turn.append(incoming.statement, std::move(record), &incoming.subject->subject_key);

    keep_message(turn, incoming, leaf);
    row.submitted = leaf;
    turn.facts.fill(*incoming.referral_slots, row, incoming.subject->pseudonym);
    turn.facts.put(row);
    queue_delivery(turn, {.id = delivery,
                          .recipient = incoming.says->to,
                          .message = {incoming.sender, *incoming.id},
                          .type = MessageType::referral_submitted,
                          .parcel = referral::Parcel::submission,
                          .referral = decided->id,
                          .consent = terms.consent,
                          .accepted = leaf,
                          .not_before = not_before});
    return leaf;
}

Accepted accept_draft(Turn& turn, const Incoming& incoming) {
    const auto& draft = std::get<codec::Draft>(*incoming.payload);
    const statement::Statement& says = *incoming.says;
    const store::CaseRow* stored_file =
        turn.facts.case_file(turn.means.row_keys.case_key(incoming.subject->case_id));
    if (stored_file == nullptr) return Failure{Code::not_found};
    if (says.to != OrganisationId::hub()) return Failure{Code::recipient_unknown};
    if (!belongs(turn, incoming, *says.referral)) return Failure{Code::id_reused};
    const catalogue::Notice* notice =
        draft.notice ? turn.registry.catalogue().notice(*says.purpose, draft.language,
                                                        static_cast<std::uint32_t>(draft.notice->version))
                     : nullptr;

    const bool published = notice != nullptr && notice->id == draft.notice->id;
    if (const store::ReferralRow* existing = turn.facts.referral(*says.referral))
        return accept_of_draft(turn, incoming, {*existing, stored_file->anonymous, published});
    const std::size_t referrals = turn.facts.used_slots_of(*incoming.referral_slots).size();
    if (draft.event != ReferralEvent::draft) return Failure{Code::event_not_allowed};
    const referral::Terms terms{.service = draft.service,
                                .purpose = *says.purpose,
                                .basis = *says.basis,
                                .groups = groups_of(says),
                                .consent = says.consent};
    const referral::SubmitFacts facts{.id = *says.referral,
                                      .from = says.from,
                                      .to = draft.recipient,
                                      .terms = terms,
                                      .from_status = turn.registry.find(says.from)->row.status,
                                      .actor = actor_of(turn, incoming),
                                      .recipient = recipient_facts(turn, draft.recipient, draft.service),
                                      .anonymous_case = stored_file->anonymous,
                                      .other_referrals = referrals};
    const auto decided = referral::decide_draft(facts, turn.at);
    if (!decided) return Failure{decided.error()};
    if (is_one_too_many(turn, incoming)) return Failure{Code::event_not_allowed};
    const store::ReferralRow row = row_of(turn, incoming, *decided, referrals);
    log::Record record = record_of(incoming, log::RecordEvent::accepted);
    record.operation = log::Word::of(kReferralEvents.text(ReferralEvent::draft));
    record.decision = log::Decision::permit;
    record.after = stage_of(*decided);
    record.facts.add("service", kServices.text(terms.service))
        .add("recipient", draft.recipient.text())
        .add("known_by", kKnownBy.text(terms.known_by))
        .add("priority", kPriorities.text(terms.priority));
    const LeafIndex leaf = turn.append(incoming.statement, std::move(record), &incoming.subject->subject_key);
    keep_message(turn, incoming, leaf);
    turn.facts.fill(*incoming.referral_slots, row, incoming.subject->pseudonym);
    turn.facts.put(row);
    return leaf;
}

}  // namespace kesher::sequencer
