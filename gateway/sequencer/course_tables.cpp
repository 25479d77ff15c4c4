// Referrals, deliveries and messages: how each went.
#include "gateway/sequencer/case_tables.h"

namespace kesher::sequencer {

using namespace contract;
using namespace std::chrono_literals;

namespace {

// What cannot go and has no date is looked at again after this (gateway/inbox/release.h).
constexpr auto kPutOff = 60s;

// Waiting is no decision and has no leaf, so a date may have been put off while it waited; never that of what
// always passes.
bool may_wait_until(const store::DeliveryRow& row, const store::DeliveryRow& told, Instant now) {
    if (row.not_before == told.not_before) return true;
    return told.parcel != referral::Parcel::always && row.not_before > told.not_before &&
           row.not_before <= row.settled_at.value_or(now) + kPutOff;
}

}  // namespace

void CaseTables::require_standing(const RowCheck& check, const referral::Referral& is,
                                  const referral::Referral& was) const {
    check.holds("state", is.state == was.state)
        .holds("since", is.since == was.since)
        .holds("version", is.version == was.version)
        .holds("held_from", is.held_from == was.held_from)
        .holds("frozen", is.frozen == was.frozen)
        .holds("released", is.released == was.released)
        .holds("accepted_once", is.accepted_once == was.accepted_once)
        .holds("updates_stopped", is.updates_stopped == was.updates_stopped)
        // In no other state anything reads it, and tables from before hold it of those that had moved on.
        .holds("awaiting_reseal",
               is.awaiting_reseal == was.awaiting_reseal || was.state != ReferralState::requested)
        .holds("error_confirmed", is.error_confirmed == was.error_confirmed)
        .holds("referrer_last", is.referrer_last == was.referrer_last)
        .holds("recipient_last", is.recipient_last == was.recipient_last);
}

void CaseTables::require_referral(const store::ReferralRow& row, const ToldReferral& told) {
    const RowCheck check("referral", told.by);
    const referral::Referral& is = row.referral;
    const referral::Referral& was = told.referral;
    check.holds("referrer", is.referrer == was.referrer)
        .holds("recipient", is.recipient == was.recipient)
        .holds("service", is.terms.service == was.terms.service)
        .holds("purpose", is.terms.purpose == was.terms.purpose)
        .holds("basis", is.terms.basis == was.terms.basis)
        .holds("groups", is.terms.groups == was.terms.groups)
        .holds("consent", is.terms.consent == was.terms.consent)
        .holds("known_by", is.terms.known_by == was.terms.known_by)
        .holds("priority", is.terms.priority == was.terms.priority)
        .holds("submitted_idx", row.submitted == told.submitted)
        .holds("declined_for", row.declined_for == told.declined_for);
    require_standing(check, is, was);
    const auto referrer =
        opened(check, "referrer_sealed", [&] { return referrer_of(means_.sealed_store, row); });
    check.holds("referrer_sealed", is_about(told.mark, referrer));
    CaseTally& tally = tally_of(check, "referrer_sealed", referrer);
    check.holds("slot", tally.referral_slots.emplace(row.slot, told.by).second);
    name(is.referrer, referrer, told.by);
    const auto recipient =
        opened(check, "recipient_sealed", [&] { return recipient_of(means_.sealed_store, row); });
    check.holds("recipient_sealed", recipient.has_value() == is.released);
    if (!recipient) return;
    check.holds("recipient_sealed", is_about(told.mark, *recipient));
    name(is.recipient, *recipient, told.by);
}

void CaseTables::require_referrals() {
    match(
        "referral", connection_, store::referrals_page, told_.referrals(),
        [](const store::ReferralRow& row) { return row.referral.id; },
        [this](const store::ReferralRow& row, const ToldReferral& told) { require_referral(row, told); });
}

void CaseTables::require_course(const RowCheck& check, const store::DeliveryRow& row,
                                const store::DeliveryRow& was) const {
    check.holds("state", row.state == was.state)
        .holds("attempt", row.attempt == was.attempt)
        .holds("lease_until", row.lease_until == was.lease_until)
        .holds("release_idx", row.release == was.release)
        .holds("ack_idx", row.ack == was.ack)
        .holds("settled_at", row.settled_at == was.settled_at);
}

void CaseTables::require_delivery(const store::DeliveryRow& row, const ToldDelivery& told) const {
    const RowCheck check("delivery", told.by);
    const store::DeliveryRow& was = told.row;
    check.holds("recipient", row.recipient == was.recipient)
        .holds("revocation", row.revocation == was.revocation)
        .holds("sender", row.message.sender == was.message.sender)
        .holds("message", row.message.id == was.message.id)
        .holds("type", row.type == was.type)
        .holds("parcel", row.parcel == was.parcel)
        .holds("referral", row.referral == was.referral)
        .holds("consent", row.consent == was.consent)
        .holds("accepted_idx", row.accepted == was.accepted)
        .holds("not_before", may_wait_until(row, was, now_))
        .holds("answered_idx", row.answered == was.answered);
    const bool dropped = told.dropped && row.state == store::DeliveryState::dropped;
    require_course(check, row, dropped ? *told.dropped : was);
}

void CaseTables::require_deliveries() const {
    match(
        "delivery", connection_, store::deliveries_page, told_.deliveries(),
        [](const store::DeliveryRow& row) { return row.id; },
        [this](const store::DeliveryRow& row, const ToldDelivery& told) { require_delivery(row, told); });
    if (const auto by = store::delivery_without_payload(connection_)) refuse_lost("payload", *by);
}

void CaseTables::require_messages() const {
    match(
        "message", connection_, store::messages_page, told_.messages(),
        [](const store::MessageRow& row) { return row.key; },
        [](const store::MessageRow& row, const ToldMessage& told) {
            // A refused statement may have come with other bytes than it signs.
            const bool payload_said = !told.code && told.payload;
            RowCheck("message", told.by)
                .holds("idx", row.index == told.by)
                .holds("claims", row.claims == told.claims)
                .holds("payload", !payload_said || row.payload == *told.payload)
                .holds("code", row.code == told.code);
        });
}

}  // namespace kesher::sequencer
