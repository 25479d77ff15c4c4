#include "gateway/inbox/upkeep_requests.h"

#include "gateway/keys/subject_tags.h"
#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/hub_voice.h"
#include "schemas/contract/limits.h"

namespace kesher::inbox {
namespace {

using namespace contract;
using sequencer::Turn;

// Only a consent's dates are asked for here; a withdrawal has ended the referral with its own leaf.
std::optional<Digest> consent_key(const store::ReferralRow& row, const keys::RowKeys& row_keys,
                                  const keys::SealedStore& sealed_store) {
    const referral::Referral& referral = row.referral;
    if (!referral.terms.consent) return std::nullopt;
    const CaseId id = sequencer::referrer_of(sealed_store, row).case_id;
    return row_keys.consent_key(id, referral.referrer, referral.recipient, referral.terms.purpose);
}

log::Record upkeep_record(std::string_view operation) {
    log::Record record;
    record.event = log::RecordEvent::expired;
    record.actor_type = log::ActorType::system;
    record.org = OrganisationId::hub();
    record.operation = log::Word::of(operation);
    record.decision = log::Decision::permit;
    return record;
}

void expire(Turn& turn, const store::ReferralRow& before, const referral::Applied& applied,
            referral::ExpiryCause cause) {
    const referral::Terms& terms = before.referral.terms;
    const keys::CaseSecrets secrets = sequencer::referrer_of(turn.means.sealed_store, before);
    log::Record record = upkeep_record(kReferralEvents.text(ReferralEvent::expire));
    record.purpose = terms.purpose;
    record.basis = terms.basis;
    record.consent = terms.consent;
    record.referral = before.referral.id;
    record.before = sequencer::stage_of(before.referral);
    record.after = sequencer::stage_of(applied.referral);
    record.facts.add("cause", kExpiryCauses.text(cause));
    const LeafIndex leaf = turn.append(std::nullopt, std::move(record), &secrets.subject_key);
    sequencer::write_applied(
        turn, {.before = before, .applied = applied, .subject = secrets.subject_key, .leaf = leaf});
}

}  // namespace

void want_consent(const store::ReferralRow& row, const keys::RowKeys& row_keys,
                  const keys::SealedStore& sealed_store, sequencer::Wanted& wanted) {
    if (const auto key = consent_key(row, row_keys, sealed_store)) wanted.consent_keys.insert(*key);
}

std::optional<referral::Expiry> due_expiry(const store::ReferralRow& row, const sequencer::Facts& facts,
                                           const keys::RowKeys& row_keys,
                                           const keys::SealedStore& sealed_store, Instant at) {
    std::optional<Instant> ends;
    if (const auto key = consent_key(row, row_keys, sealed_store)) {
        const auto consents = facts.consents_under(std::span(&*key, 1));
        const referral::Referral& referral = row.referral;
        const consent::Consent* deciding = consent::deciding_consent(
            consents, referral.referrer, referral.recipient, referral.terms.purpose);
        // Only her yes has a last day that ends something: the dates of a no or of a question are those of
        // an answer, and would end a referral that nobody withdrew.
        if (deciding != nullptr && deciding->state == ConsentState::active)
            ends = consent::ends_at(*deciding);
    }
    return referral::due_expiry(row.referral, ends, at);
}

void ExpireReferrals::want(sequencer::Wanted& wanted) const {
    for (const ReferralId& id : referrals_) {
        wanted.referrals.insert(id);
        wanted.deliveries_of_referrals.insert(id);
    }
}

void ExpireReferrals::want_more(const sequencer::Facts& facts, const sequencer::Means& means,
                                sequencer::Wanted& wanted) const {
    for (const ReferralId& id : referrals_) {
        const store::ReferralRow* row = facts.referral(id);
        if (row != nullptr) want_consent(*row, means.row_keys, means.sealed_store, wanted);
    }
}

sequencer::Answer ExpireReferrals::decide(Turn& turn) {
    ended_ = 0;
    for (const ReferralId& id : referrals_) {
        const store::ReferralRow* stored = turn.facts.referral(id);
        if (stored == nullptr) continue;
        const store::ReferralRow before = *stored;
        const auto due =
            due_expiry(before, turn.facts, turn.means.row_keys, turn.means.sealed_store, turn.at);
        if (!due) continue;
        const auto applied = referral::apply(
            before.referral,
            {.event = ReferralEvent::expire, .by = referral::By::hub, .caller = std::nullopt}, {}, turn.at);
        if (!applied) continue;
        expire(turn, before, *applied, due->cause);
        ++ended_;
    }
    return {};
}

sequencer::Answer DeletePayloads::decide(Turn& turn) {
    for (const store::MessageKey& message : messages_) turn.facts.wipe_payload(message);
    log::Record record = upkeep_record("payload-deleted");
    record.facts.add("count", messages_.size());
    sequencer::Answer answer;
    answer.leaf = turn.append(std::nullopt, std::move(record));
    return answer;
}

void LapseCases::want(sequencer::Wanted& wanted) const {
    for (const LapsingCase& each : cases_) {
        wanted.cases.insert(each.key);
        wanted.used_slots.insert(each.first_slot);
    }
}

sequencer::Answer LapseCases::decide(Turn& turn) {
    lapsed_ = 0;
    for (const LapsingCase& each : cases_) {
        const store::CaseRow* stored = turn.facts.case_file(each.key);
        const bool lapses = stored != nullptr && stored->claim && !turn.facts.is_used(each.first_slot) &&
                            stored->opened_at + limits::kCaseLapse <= turn.at;
        if (!lapses) continue;
        store::CaseRow row = *stored;
        const keys::CaseSecrets secrets = sequencer::case_of(turn.means.sealed_store, row);
        log::Record record = upkeep_record("case-lapsed");
        record.facts.add("replaces", keys::claim_tag(secrets.subject_key, row.claim.value()));
        row.claim.reset();
        turn.facts.put(std::move(row));
        turn.append(std::nullopt, std::move(record), &secrets.subject_key);
        ++lapsed_;
    }
    return {};
}

}  // namespace kesher::inbox
