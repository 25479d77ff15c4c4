#include "gateway/sequencer/retold_cases.h"

#include "schemas/json/read.h"
#include "schemas/statement/hash.h"

namespace kesher::sequencer {

using namespace contract;
using log::RecordEvent;

namespace {

SubjectMark mark_of(const Said& said) { return {said.record().nonce, said.record().subject}; }

// What the statement says its payload's digest to be; nothing where it does not read.
std::optional<Digest> payload_said(std::string_view claims_segment) {
    const auto bytes = from_base64url(claims_segment);
    const auto claims = bytes ? json::read(text_of(*bytes)) : json::read("");
    const json::Value* digest = claims ? claims->find("digest") : nullptr;
    const json::Value* value = digest == nullptr ? nullptr : digest->find("S256");
    if (value == nullptr || value->text() == nullptr) return std::nullopt;
    return digest_from_base64url(*value->text());
}

std::string_view claims_segment(std::string_view jws) {
    const std::string_view after = jws.substr(jws.find('.') + 1);
    return after.substr(0, after.find('.'));
}

template <class Enum>
WordSet<Enum> set_of(const std::vector<Enum>& words) {
    WordSet<Enum> set;
    for (const Enum word : words) set.add(word);
    return set;
}

}  // namespace

void RetoldCases::take(const Said& said) {
    take_message(said);
    if (!said.permits() && said.record().event != RecordEvent::released) return;
    switch (said.record().event) {
        case RecordEvent::case_:
            return take_case(said);
        case RecordEvent::consent:
            return take_consent(said);
        case RecordEvent::accepted:
            if (said.operation() == kMessageTypes.text(MessageType::consent_revocation_acked)) {
                return take_answer(said);
            }
            if (said.of_hub() && said.operation() == "spread") return take_spread(said);
            said.operation() == "submit" ? take_submission(said) : take_step(said);
            return take_new_delivery(said);
        case RecordEvent::released:
            return take_release(said);
        case RecordEvent::acknowledged:
            return take_ack(said);
        case RecordEvent::expired:
            said.operation() == "case-lapsed" ? take_lapse(said) : take_step(said);
            return;
        default:
            return;
    }
}

// Every leaf with a statement decided a message, the first one of its id for ever.
void RetoldCases::take_message(const Said& said) {
    const log::Record& record = said.record();
    if (!said.statement() || !record.message || !record.org) return;
    const std::string_view claims = claims_segment(*said.statement());
    ToldMessage told{statement::sha256(claims), payload_said(claims), record.code, said.index()};
    messages_.try_emplace({*record.org, *record.message}, std::move(told));
}

void RetoldCases::take_case(const Said& said) {
    if (said.operation() == "open") {
        const Digest claim = said.digest("claim");
        case_of_claim_.insert_or_assign(claim, cases_.size());
        cases_.push_back({.mark = mark_of(said),
                          .opened_by = said.needed(said.record().org, "org"),
                          .request = said.digest("request"),
                          .anonymous = said.truth("anonymous"),
                          .door = said.one_of(kDoors, "door"),
                          .opened_at = said.at(),
                          .claim = claim,
                          .claim_signed_at =
                              said.has("signed_at") ? std::optional(said.instant("signed_at")) : std::nullopt,
                          .by = said.index()});
        return;
    }
    if (said.operation() != "claim-code") return;
    ToldCase& told = case_of_claim(said);
    const Day today = day_of(said.at());
    told.claims_that_day = told.claim_day == today ? told.claims_that_day + 1 : 1;
    told.claim_day = today;
    if (said.has("signed_at")) told.claim_signed_at = said.instant("signed_at");
    told.claim = said.digest("claim");
    case_of_claim_.insert_or_assign(*told.claim, static_cast<std::size_t>(&told - cases_.data()));
    told.by = said.index();
}

ToldCase& RetoldCases::case_of_claim(const Said& said) {
    const auto found = case_of_claim_.find(said.digest("replaces"));
    if (found == case_of_claim_.end()) said.lacks("replaces");
    ToldCase& told = cases_[found->second];
    case_of_claim_.erase(found);
    return told;
}

void RetoldCases::take_lapse(const Said& said) {
    ToldCase& told = case_of_claim(said);
    told.claim.reset();
    told.by = said.index();
}

void RetoldCases::take_consent(const Said& said) {
    if (said.operation() == "consent.ended") return take_ended(said, ConsentState::revoked);
    if (said.operation() == "consent.superseded") return take_ended(said, ConsentState::superseded);
    if (said.operation() != kMessageTypes.text(MessageType::consent_given)) return;
    consent::Consent given{.id = said.needed(said.record().consent, "consent"),
                           .leaf = said.index(),
                           .recorded_by = said.needed(said.record().org, "org"),
                           .discloser = said.parsed<OrganisationId>("discloser"),
                           .recipient = said.parsed<OrganisationId>("recipient"),
                           .purposes = set_of(said.some_of(kPurposes, "purposes")),
                           .groups = set_of(said.some_of(kDataGroups, "groups")),
                           .services = set_of(said.some_of(kServices, "services")),
                           .direction = said.one_of(kDirections, "direction"),
                           .valid_from = said.day("from"),
                           .valid_to = said.day("to"),
                           .state = said.one_of(kConsentStates, "state"),
                           .form = said.one_of(kConsentForms, "form"),
                           .harm_veto = said.truth("harm_veto"),
                           .form_digest = said.maybe_digest("form_digest")};
    // In logs from before: the newest that it replaces, where today a leaf of the hub behind it names all.
    if (said.has("supersedes")) {
        const auto old = consents_.find(said.parsed<ConsentId>("supersedes"));
        if (old == consents_.end()) said.lacks("supersedes");
        old->second.consent.state = ConsentState::superseded;
        old->second.by = said.index();
    }
    const ConsentId id = given.id;
    consents_.insert_or_assign(id, ToldConsent{mark_of(said), std::move(given), said.index()});
}

void RetoldCases::take_ended(const Said& said, ConsentState state) {
    for (const auto& id : said.all<ConsentId>("consents")) {
        const auto found = consents_.find(id);
        if (found == consents_.end()) said.lacks("consents");
        consent::Consent& ended = found->second.consent;
        ended.state = state;
        found->second.by = said.index();
        if (state != ConsentState::revoked) continue;
        ended.revoked_at = said.at();
        const auto [from, to] = deliveries_of_consent_.equal_range(id);
        for (auto each = from; each != to; ++each) {
            ToldDelivery& told = deliveries_.at(each->second);
            if (told.row.state == store::DeliveryState::waiting) drop(said, told);
        }
    }
}

}  // namespace kesher::sequencer
