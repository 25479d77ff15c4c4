// What waited for whom, what was handed out, and what was said of it.
#include <algorithm>
#include <charconv>

#include "gateway/sequencer/retold_cases.h"
#include "schemas/contract/limits.h"

namespace kesher::sequencer {

using namespace contract;
using referral::AckEffect;
using store::DeliveryState;

namespace {

// The type of a message by its leaf's operation, which is a referral's event where there is one.
MessageType type_of(const Said& said) {
    if (const auto type = kMessageTypes.parse(said.operation())) return *type;
    const bool submits = said.operation() == "submit";
    return submits ? MessageType::referral_submitted : MessageType::referral_event;
}

referral::Parcel parcel_of(const Said& said, MessageType type) {
    if (said.of_hub()) return referral::Parcel::always;
    if (type == MessageType::referral_submitted) return referral::Parcel::submission;
    const auto event = kReferralEvents.parse(said.operation());
    if (type != MessageType::referral_event || !event) return referral::Parcel::update;
    return referral::parcel_of_event(*event, false, said.has("sealed"));
}

void settle(store::DeliveryRow& row, const Said& said, AckEffect effect) {
    row.ack = said.index();
    if (store::is_settled(row.state)) return;
    switch (effect) {
        case AckEffect::deliver:
            row.state = DeliveryState::taken;
            break;
        case AckEffect::keep_leased:
            row.state = DeliveryState::held;
            break;
        case AckEffect::release_again:
            row.state = DeliveryState::waiting;
            break;
        case AckEffect::await_reseal:
        case AckEffect::undeliverable:
            row.state = DeliveryState::refused;
            break;
    }
    row.lease_until = said.at() + (effect == AckEffect::keep_leased ? limits::kHeldLease : limits::kLease);
    if (store::is_settled(row.state)) row.settled_at = said.at();
}

// ":<number below 2^32>"
std::optional<std::uint32_t> share_in(std::string_view text) {
    std::uint32_t share = 0;
    if (text.size() < 2) return std::nullopt;
    const auto [end, fault] = std::from_chars(text.data() + 1, text.data() + text.size(), share);
    return fault == std::errc{} && end == text.data() + text.size() ? std::optional(share) : std::nullopt;
}

}  // namespace

ToldDelivery& RetoldCases::delivery(const Said& said) {
    const auto found = deliveries_.find(said.parsed<DeliveryId>("delivery"));
    if (found == deliveries_.end()) said.lacks("delivery");
    return found->second;
}

void RetoldCases::take_new_delivery(const Said& said) {
    if (!said.has("delivery")) return;
    const log::Record& record = said.record();
    const MessageType type = type_of(said);
    store::DeliveryRow row{
        .id = said.parsed<DeliveryId>("delivery"),
        .recipient = said.needed(record.recipient, "recipient"),
        .revocation = said.of_hub() && type == MessageType::consent_revoked,
        .message = {said.needed(record.org, "org"), said.needed(record.message, "message")},
        .type = type,
        .parcel = parcel_of(said, type),
        .referral = record.referral,
        .consent = record.consent,
        .accepted = said.index(),
        .state = DeliveryState::waiting,
        .attempt = 0,
        .not_before = said.has("not_before") ? said.instant("not_before") : said.at(),
        .lease_until = said.at(),
        .release = std::nullopt,
        .ack = std::nullopt,
        .settled_at = std::nullopt};
    // An update goes under the referral's consent, whichever its statement names.
    if (!said.of_hub() && type == MessageType::referral_event && row.referral) {
        const auto found = referrals_.find(*row.referral);
        if (found != referrals_.end()) row.consent = found->second.referral.terms.consent;
    }
    if (row.referral) deliveries_of_referral_.emplace(*row.referral, row.id);
    if (row.consent) deliveries_of_consent_.emplace(*row.consent, row.id);
    const DeliveryId id = row.id;
    deliveries_.insert_or_assign(id, ToldDelivery{std::move(row), {}, said.index()});
}

// In logs from before: behind a batch stood which of its deliveries have to wait, each with its share of the
// spread in parts of 2^32.
void RetoldCases::take_spread(const Said& said) {
    const std::int64_t spread_ms = said.integer("release_spread_ms");
    for (const log::Word& word : said.words("waits")) {
        const std::string_view text = word.text();
        const std::size_t colon = std::min(text.find(':'), text.size());
        const auto id = said.needed(DeliveryId::parse(text.substr(0, colon)), "waits");
        const auto share = said.needed(share_in(text.substr(colon)), "waits");
        const auto found = deliveries_.find(id);
        if (found == deliveries_.end()) said.lacks("waits");
        found->second.row.not_before = said.at() + std::chrono::milliseconds{(spread_ms * share) >> 32};
        found->second.by = said.index();
    }
}

// What its recipient did about a revocation; the first answer counts. In logs from before it names the
// consent alone, and its body was told of that once.
void RetoldCases::take_answer(const Said& said) {
    const auto answered_by = [&said](ToldDelivery& told) {
        if (told.row.answered) return;
        told.row.answered = said.index();
        told.by = said.index();
    };
    if (said.has("notice")) {
        const auto found = deliveries_.find(said.parsed<DeliveryId>("notice"));
        if (found == deliveries_.end()) said.lacks("notice");
        return answered_by(found->second);
    }
    const auto consent = said.needed(said.record().consent, "consent");
    const auto [from, to] = deliveries_of_consent_.equal_range(consent);
    for (auto each = from; each != to; ++each) {
        ToldDelivery& told = deliveries_.at(each->second);
        if (told.row.revocation && told.row.recipient == said.record().org) answered_by(told);
    }
}

void RetoldCases::take_release(const Said& said) {
    ToldDelivery& told = delivery(said);
    told.by = said.index();
    told.dropped.reset();  // it was looked at again, so it was not dropped
    store::DeliveryRow& row = told.row;
    const auto found = row.referral ? referrals_.find(*row.referral) : referrals_.end();
    if (found != referrals_.end() && said.has("updates")) {
        found->second.referral.updates_stopped = said.word("updates") == "stopped";
        found->second.by = said.index();
    }
    if (!said.permits()) {
        row.state = DeliveryState::dropped;
        row.settled_at = said.at();
        return;
    }
    row.state = DeliveryState::leased;
    row.attempt = static_cast<std::int32_t>(said.integer("attempt"));
    row.lease_until = said.at() + limits::kLease;
    row.release = said.index();
    if (found != referrals_.end() && row.type == MessageType::referral_submitted) {
        found->second.referral.released = true;
        found->second.by = said.index();
    }
}

void RetoldCases::take_ack(const Said& said) {
    ToldDelivery& told = delivery(said);
    told.by = said.index();
    const AckEffect effect =
        referral::effect_of_ack(said.one_of(kAckOutcomes, "outcome"), said.record().code);
    const bool open = !store::is_settled(told.row.state);
    settle(told.row, said, effect);
    if (told.dropped) settle(*told.dropped, said, effect);
    if (!open || effect != AckEffect::await_reseal || !told.row.referral) return;
    const auto found = referrals_.find(*told.row.referral);
    if (found == referrals_.end() || told.row.type != MessageType::referral_submitted) return;
    if (found->second.referral.state != ReferralState::requested) return;
    found->second.referral.awaiting_reseal = true;
    found->second.by = said.index();
}

void RetoldCases::drop(const Said& said, ToldDelivery& told) {
    const bool hub_speaks = told.row.message.sender == OrganisationId::hub();
    if (hub_speaks || told.dropped || store::is_settled(told.row.state)) return;
    told.dropped = told.row;
    told.dropped->state = DeliveryState::dropped;
    told.dropped->settled_at = said.at();
}

// What was entered by mistake goes wherever it stands, even where it is out already.
void RetoldCases::end_deliveries(const Said& said, const referral::Referral& referral) {
    const bool wiped = said.operation() == kReferralEvents.text(ReferralEvent::mark_error);
    const auto [from, to] = deliveries_of_referral_.equal_range(referral.id);
    for (auto each = from; each != to; ++each) {
        ToldDelivery& told = deliveries_.at(each->second);
        const bool waits =
            told.row.state == DeliveryState::waiting && told.row.recipient == referral.recipient;
        if (wiped || waits) drop(said, told);
    }
}

}  // namespace kesher::sequencer
