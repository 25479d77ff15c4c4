// referral.event.v1 between the parties: the referral moves, and the other side is told what it may be.
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/hub_voice.h"
#include "gateway/sequencer/message.h"

namespace kesher::sequencer {
namespace {

using namespace contract;
using referral::By;

referral::Deed deed_of(By by, ReferralEvent event) {
    if (event == ReferralEvent::withdraw) return referral::Deed::withdraw;
    return by == By::rec ? referral::Deed::act_as_recipient : referral::Deed::act_as_referrer;
}

// The pseudonym that was opened must be this side's own for this referral.
bool is_own_case(const Turn& turn, const store::ReferralRow& row, const Incoming& incoming) {
    const keys::SealedStore& sealed = turn.means.sealed_store;
    if (incoming.sender == row.referral.referrer) return referrer_of(sealed, row) == *incoming.subject;
    const auto recipient = recipient_of(sealed, row);
    return recipient && *recipient == *incoming.subject;
}

struct Judged {
    referral::Verdicts verdicts;
    std::optional<AgreementId> agreement;
};

bool is_draft(const referral::Referral& referral) {
    return referral.state == ReferralState::draft || referral.state == ReferralState::awaiting_consent;
}

Judged judge(const Turn& turn, const Incoming& incoming, const referral::Referral& referral, By by) {
    const statement::Statement& says = *incoming.says;
    const referral::Terms& terms = referral.terms;
    const OrganisationId& to = by == By::rec ? referral.referrer : referral.recipient;
    const agreement::Disclosure disclosure{says.from, to, says.type, terms.purpose, groups_of(says)};
    const auto agreed = agreement::find_agreement(turn.registry.agreement_list(), disclosure, turn.at);
    Judged judged;
    if (agreed) {
        judged.agreement = *agreed;
    } else {
        judged.verdicts.agreement = agreed.error();
    }
    if (needs_no_consent(terms.basis)) return judged;
    const auto consents =
        consents_for(turn, incoming.subject->case_id, referral.referrer, referral.recipient, terms.purpose);
    if (by == By::rec) {
        const auto carriage = consent::evaluate_update({.named = says.consent,
                                                        .discloser = referral.referrer,
                                                        .recipient = referral.recipient,
                                                        .purpose = terms.purpose,
                                                        .groups = groups_of(says),
                                                        .service = terms.service},
                                                       consents, turn.at);
        if (!carriage) judged.verdicts.consent = carriage.error();
        return judged;
    }
    const auto heard = heard_by_this_name(turn, incoming, consents);
    const auto verdict = consent::evaluate({.named = says.consent,
                                            .discloser = referral.referrer,
                                            .recipient = referral.recipient,
                                            .purpose = terms.purpose,
                                            .groups = groups_of(says),
                                            .service = terms.service,
                                            .revealing = revealing(turn, says.from, to, terms.service)},
                                           heard, turn.at);
    if (!verdict) judged.verdicts.consent = verdict.error();
    return judged;
}

std::optional<std::uint32_t> version_of(const statement::Statement& says) {
    if (!says.expected_version) return std::nullopt;
    // A larger number is no version of ours; the rule refuses it as any other that differs.
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(*says.expected_version, kMost));
}

log::Record accepted_record(const Incoming& incoming, const codec::ReferralEventPayload& payload,
                            const referral::Referral& before, const referral::Applied& applied) {
    log::Record record = record_of(incoming, log::RecordEvent::accepted);
    record.operation = log::Word::of(kReferralEvents.text(payload.event));
    record.decision = log::Decision::permit;
    record.before = stage_of(before);
    record.after = stage_of(applied.referral);
    if (payload.reason) record.facts.add("reason", kReasons.text(*payload.reason));
    if (payload.outcome) record.facts.add("outcome", kOutcomes.text(*payload.outcome));
    record.facts.add("occurred_on", payload.occurred_on);
    if (incoming.says->subject_acts) record.facts.add("subject_acts", true);
    if (payload.synthesized) record.facts.add("synthesized", true);
    if (payload.sealed) record.facts.add("sealed", true);
    if (applied.ignored_stale) record.facts.add("ignored", "stale");
    return record;
}

}  // namespace

Accepted accept_referral_event(Turn& turn, const Incoming& incoming) {
    const auto& payload = std::get<codec::ReferralEventPayload>(*incoming.payload);
    const statement::Statement& says = *incoming.says;
    const store::ReferralRow* row = turn.facts.referral(*says.referral);
    // To somebody who is no party the referral does not exist; nor to its recipient before it was released.
    if (row == nullptr) return Failure{Code::not_found};
    const bool is_referrer = says.from == row->referral.referrer;
    if (!is_referrer && !row->referral.released) return Failure{Code::not_found};
    const auto by = referral::party(row->referral, says.from, says.subject_acts);
    if (!by) {
        const bool is_party = says.from == row->referral.recipient;
        return Failure{is_party ? Code::event_not_allowed : Code::not_found};
    }
    if (!is_own_case(turn, *row, incoming)) return Failure{Code::opening_mismatch};
    const OrganisationId& other = *by == By::rec ? row->referral.referrer : row->referral.recipient;
    // Of a draft nobody but the hub has heard (contract.md 1).
    const bool to_hub = is_draft(row->referral) && says.to == OrganisationId::hub();
    if (says.to != other && !to_hub) return Failure{Code::recipient_unknown};
    if (says.purpose != row->referral.terms.purpose || says.basis != row->referral.terms.basis) {
        return Failure{Code::statement_invalid};
    }
    // What ends a disclosure passes even from a suspended body; nothing else does.
    const bool active = turn.registry.find(says.from)->row.status == OrganisationStatus::active;
    if (!active && payload.event != ReferralEvent::withdraw) return Failure{Code::organisation_suspended};
    const auto may = referral::actor_may(actor_of(turn, incoming), deed_of(*by, payload.event), turn.at);
    if (!may) return Failure{may.error()};

    const Judged judged = judge(turn, incoming, row->referral, *by);
    const auto applied = referral::apply(row->referral,
                                         {.event = payload.event,
                                          .by = *by,
                                          .caller = says.from,
                                          .expected_version = version_of(says),
                                          .reason = payload.reason,
                                          .outcome = payload.outcome,
                                          .occurred_on = payload.occurred_on,
                                          .has_sealed = payload.sealed.has_value(),
                                          .synthesized = payload.synthesized},
                                         judged.verdicts, turn.at);
    if (!applied) return Failure{applied.error()};

    log::Record record = accepted_record(incoming, payload, row->referral, *applied);
    record.agreement = judged.agreement;
    std::optional<DeliveryId> delivery;
    if (passes_on(*applied)) {
        delivery = keys::new_id<DeliveryId>();
        record.facts.add("delivery", delivery->text());
    }
    const LeafIndex leaf = turn.append(incoming.statement, std::move(record), &incoming.subject->subject_key);
    keep_message(turn, incoming, leaf);
    const store::ReferralRow before = *row;
    write_applied(turn, {.before = before,
                         .applied = *applied,
                         .subject = incoming.subject->subject_key,
                         .leaf = leaf,
                         .sent = store::MessageKey{incoming.sender, *incoming.id},
                         .delivery = delivery,
                         .reason = payload.reason,
                         .has_sealed = payload.sealed.has_value()});
    return leaf;
}

}  // namespace kesher::sequencer
