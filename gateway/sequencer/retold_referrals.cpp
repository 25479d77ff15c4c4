// How each referral moved, by the leaves that moved it. Nothing is decided again: what a leaf says holds,
// whatever the rules of a later program would say.
#include "gateway/sequencer/retold_cases.h"

namespace kesher::sequencer {

using namespace contract;
using E = ReferralEvent;
using S = ReferralState;

namespace {

constexpr WordSet<S> kInCare{S::accepted, S::scheduled, S::in_progress};

referral::Terms terms_of(const Said& said) {
    const log::Record& record = said.record();
    referral::Terms terms{.service = said.one_of(kServices, "service"),
                          .purpose = said.needed(record.purpose, "purpose"),
                          .basis = said.needed(record.basis, "basis"),
                          .groups = {},
                          .consent = record.consent,
                          .known_by = said.one_of(kKnownBy, "known_by"),
                          .priority = said.one_of(kPriorities, "priority")};
    if (record.scope && record.scope->groups) {
        for (const DataGroup group : *record.scope->groups) terms.groups.add(group);
    }
    return terms;
}

// The state under a freeze is not shown; of what passes through one only a receipt moves it on.
S state_after(const referral::Referral& referral, E event, S shown) {
    if (event == E::freeze || event == E::unfreeze) return referral.state;
    const bool hidden = referral.frozen && shown == S::on_hold;
    if (!hidden) return shown;
    return event == E::deliver ? S::delivered : referral.state;
}

void move(referral::Referral& referral, E event, const log::Stage& after, Instant at) {
    const S before = referral.state;
    const S now = state_after(referral, event, after.state);
    if (event == E::hold) referral.held_from = before;
    if (now != S::on_hold) referral.held_from.reset();
    if (event == E::freeze || event == E::unfreeze) referral.frozen = event == E::freeze;
    if (event == E::mark_error && before == S::erroneous) referral.error_confirmed = true;
    if (now != before || event == E::unfreeze) referral.since = at;
    // A recipient that answers has received.
    if (event == E::deliver) referral.released = true;
    if (kInCare.has(now)) referral.accepted_once = true;
    if (now != S::requested) referral.awaiting_reseal = false;
    if (is_terminal(now)) referral.frozen = false;
    referral.state = now;
    referral.version = after.version;
}

void remember_day(referral::Referral& referral, const Said& said) {
    if (said.of_hub() || !said.has("occurred_on")) return;
    auto& last = said.record().org == referral.recipient ? referral.recipient_last : referral.referrer_last;
    const Day day = said.day("occurred_on");
    last = last ? std::max(*last, day) : day;
}

}  // namespace

void RetoldCases::take_submission(const Said& said) {
    const log::Record& record = said.record();
    const auto id = said.needed(record.referral, "referral");
    const log::Stage after = said.needed(record.after, "after");
    const auto [entry, fresh] = referrals_.try_emplace(
        id, ToldReferral{{record.nonce, record.subject},
                         referral::Referral{.id = id,
                                            .referrer = said.needed(record.org, "org"),
                                            .recipient = said.needed(record.recipient, "recipient"),
                                            .terms = terms_of(said),
                                            .state = after.state,
                                            .since = said.at()}});
    ToldReferral& told = entry->second;
    told.referral.terms = terms_of(said);
    told.submitted = said.index();
    told.by = said.index();
    // Sealed anew is the same event again.
    told.referral.awaiting_reseal = false;
    if (told.referral.version == after.version) return;
    told.referral.state = after.state;
    told.referral.since = said.at();
    told.referral.version = after.version;
}

void RetoldCases::take_step(const Said& said) {
    const log::Record& record = said.record();
    if (!record.referral || !record.after) return;
    const auto event = kReferralEvents.parse(said.operation());
    if (!event) said.lacks("operation");
    if (*event == E::draft && !record.before) {
        const OrganisationId referrer = said.needed(record.org, "org");
        referrals_.insert_or_assign(
            *record.referral, ToldReferral{.mark = {record.nonce, record.subject},
                                           .referral = {.id = *record.referral,
                                                        .referrer = referrer,
                                                        .recipient = said.parsed<OrganisationId>("recipient"),
                                                        .terms = terms_of(said),
                                                        .state = record.after->state,
                                                        .since = said.at(),
                                                        .version = record.after->version},
                                           .by = said.index()});
        return;
    }
    const auto found = referrals_.find(*record.referral);
    if (found == referrals_.end()) said.lacks("before");
    ToldReferral& told = found->second;
    // Both parties are told of one step, and what was ignored moves nothing.
    if (record.after->version <= told.referral.version) return;
    move(told.referral, *event, *record.after, said.at());
    remember_day(told.referral, said);
    if ((*event == E::decline || *event == E::redirect) && said.has("reason"))
        told.declined_for = said.one_of(kReasons, "reason");
    told.by = said.index();
    if (is_terminal(told.referral.state)) end_deliveries(said, told.referral);
}

}  // namespace kesher::sequencer
