// Messages that move no referral: screenings, questions without identity, capacity, agenda, counts,
// and what a recipient did after a withdrawal. They are logged, kept, and passed on where they have a
// recipient.
#include "gateway/sequencer/hub_voice.h"
#include "gateway/sequencer/message.h"

namespace kesher::sequencer {
namespace {

using namespace contract;
using referral::Deed;

std::optional<Deed> deed_of(MessageType type) {
    switch (type) {
        case MessageType::consent_revocation_acked:
            return Deed::acknowledge_revocation;
        case MessageType::intake_screened:
            return Deed::screen_intake;
        case MessageType::eligibility_asked:
            return Deed::ask_eligibility;
        case MessageType::eligibility_answered:
            return Deed::answer_eligibility;
        case MessageType::capacity_updated:
            return Deed::report_capacity;
        case MessageType::agenda_proposed:
            return Deed::propose_agenda;
        case MessageType::headcount_reported:
            return Deed::report_headcount;
        default:
            return std::nullopt;
    }
}

// A revocation is acknowledged by the body that was told of it, in reply to that very notice. None: this one
// was handed no such notice, or another is meant.
std::optional<store::DeliveryRow> answered_notice(const Turn& turn, const Incoming& incoming) {
    const store::MessageKey notice{OrganisationId::hub(), *incoming.says->in_reply_to};
    for (const store::DeliveryRow& each : turn.facts.deliveries_of(*incoming.says->consent)) {
        const bool is_handed = each.revocation && each.attempt > 0 && each.recipient == incoming.sender;
        if (is_handed && each.message == notice) return each;
    }
    return std::nullopt;
}

std::optional<Code> service_flaw(const Turn& turn, const Incoming& incoming) {
    const std::optional<Service>& service = incoming.says->service;
    if (incoming.says->type != MessageType::capacity_updated || !service) return std::nullopt;
    return turn.registry.offers(incoming.sender, *service) ? std::nullopt
                                                           : std::optional(Code::service_not_allowed);
}

std::optional<Code> route_flaw(const Turn& turn, const Incoming& incoming) {
    const statement::Statement& says = *incoming.says;
    if (says.to == OrganisationId::hub()) return std::nullopt;
    const Organisation* recipient = turn.registry.find(says.to);
    if (recipient == nullptr || recipient->row.status == OrganisationStatus::left) {
        return Code::recipient_unknown;
    }
    if (recipient->row.status != OrganisationStatus::active) return Code::organisation_suspended;
    const auto agreed = agreement::find_agreement(
        turn.registry.agreement_list(), {says.from, says.to, says.type, *says.purpose, {}}, turn.at);
    return agreed ? std::nullopt : std::optional(agreed.error());
}

// A question without identity goes under a number of its own: under a referral's, whoever is asked would
// hold the number of a woman it knows nothing of.
std::optional<Code> number_flaw(const Turn& turn, const statement::Statement& says) {
    const bool taken = says.referral && turn.facts.referral(*says.referral) != nullptr;
    return taken ? std::optional(Code::id_reused) : std::nullopt;
}

}  // namespace

Accepted accept_report(Turn& turn, const Incoming& incoming) {
    const statement::Statement& says = *incoming.says;
    // That a body heard of her no is welcome whatever its own standing.
    const bool answers_her_no = says.type == MessageType::consent_revocation_acked;
    if (!answers_her_no && turn.registry.find(incoming.sender)->row.status != OrganisationStatus::active) {
        return Failure{Code::organisation_suspended};
    }
    const auto deed = deed_of(says.type);
    if (!deed) return Failure{Code::statement_invalid};
    const auto may = referral::actor_may(actor_of(turn, incoming), *deed, turn.at);
    if (!may) return Failure{may.error()};
    if (const auto flaw = service_flaw(turn, incoming)) return Failure{*flaw};
    if (const auto flaw = route_flaw(turn, incoming)) return Failure{*flaw};
    if (const auto flaw = number_flaw(turn, says)) return Failure{*flaw};
    std::optional<store::DeliveryRow> notice;
    if (answers_her_no) {
        notice = answered_notice(turn, incoming);
        if (!notice) return Failure{Code::not_found};
    }

    log::Record record = record_of(incoming, log::RecordEvent::accepted);
    record.decision = log::Decision::permit;
    if (says.service) record.facts.add("service", kServices.text(*says.service));
    const auto delivery = keys::new_id<DeliveryId>();
    if (says.to != OrganisationId::hub()) record.facts.add("delivery", delivery.text());
    if (notice) record.facts.add("notice", notice->id.text());
    const LeafIndex leaf = turn.append(incoming.statement, std::move(record),
                                       incoming.subject ? &incoming.subject->subject_key : nullptr);
    keep_message(turn, incoming, leaf);
    if (notice && !notice->answered) {
        notice->answered = leaf;
        turn.facts.put(*notice);
    }
    if (says.to != OrganisationId::hub()) {
        queue_delivery(turn, {.id = delivery,
                              .recipient = says.to,
                              .message = {incoming.sender, *incoming.id},
                              .type = says.type,
                              .parcel = referral::Parcel::update,
                              .referral = says.referral,
                              .consent = std::nullopt,
                              .accepted = leaf});
    }
    return leaf;
}

}  // namespace kesher::sequencer
