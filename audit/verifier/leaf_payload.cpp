#include "audit/verifier/leaf_payload.h"

#include <initializer_list>
#include <utility>
#include <variant>

#include "audit/log/leaf.h"
#include "audit/verifier/leaf_facts.h"

namespace kesher::verifier {
namespace {

using contract::MessageType;

std::string differs(std::string_view fact, std::string_view than) {
    return "its record says another `" + std::string(fact) + "` than the " + std::string(than);
}

// A set, whose order says nothing; none where the fact is no list, or has another word than the list's.
template <class Enum, std::size_t N>
std::optional<contract::WordSet<Enum>> set_in(const log::Record& record, std::string_view fact,
                                              const contract::ClosedList<Enum, N>& list) {
    const auto* held = words_in(record, fact);
    if (held == nullptr) return std::nullopt;
    contract::WordSet<Enum> set;
    for (const log::Word& each : *held) {
        const auto word = list.parse(each.text());
        if (!word) return std::nullopt;
        set.add(*word);
    }
    return set;
}
template <class Enum>
contract::WordSet<Enum> set_of(const std::vector<Enum>& words) {
    contract::WordSet<Enum> set;
    for (const Enum word : words) set.add(word);
    return set;
}

std::optional<std::string_view> other_than(const log::Record& record, const codec::ConsentGiven& given) {
    const bool agreed = given.state == codec::GivenState::active;
    const auto state = contract::kConsentStates.text(agreed ? contract::ConsentState::active
                                                            : contract::ConsentState::rejected);
    const log::FactValue* veto = record.facts.find("harm_veto");
    if (word_in(record, "discloser") != given.discloser.text()) return "discloser";
    if (word_in(record, "recipient") != given.recipient.text()) return "recipient";
    if (record.recipient && *record.recipient != given.recipient) return "recipient";
    if (set_in(record, "purposes", contract::kPurposes) != set_of(given.purposes)) return "purposes";
    if (set_in(record, "groups", contract::kDataGroups) != set_of(given.groups)) return "groups";
    if (set_in(record, "services", contract::kServices) != set_of(given.services)) return "services";
    if (word_in(record, "direction") != contract::kDirections.text(given.direction)) return "direction";
    if (word_in(record, "form") != contract::kConsentForms.text(given.form)) return "form";
    if (word_in(record, "from") != contract::text(given.valid_from)) return "from";
    if (word_in(record, "to") != contract::text(given.valid_to)) return "to";
    if (word_in(record, "state") != state) return "state";
    if (veto == nullptr || *veto != log::FactValue{given.harm_veto.has_value()}) return "harm_veto";
    return std::nullopt;
}

// Which event of a referral the payload is; none where it is no word about one.
std::optional<contract::ReferralEvent> event_in(const codec::Payload& payload) {
    if (const auto* event = std::get_if<codec::ReferralEventPayload>(&payload)) return event->event;
    if (const auto* draft = std::get_if<codec::Draft>(&payload)) return draft->event;
    return std::nullopt;
}

// A word of the record's that the payload says as well; "" is none.
struct Told {
    std::string_view fact;
    std::string payload;
};
std::optional<std::string_view> other_word(const log::Record& record, std::initializer_list<Told> told) {
    for (const Told& each : told) {
        if (word_in(record, each.fact) != each.payload) return each.fact;
    }
    return std::nullopt;
}
std::optional<std::string_view> other_word(const log::Record& record, const codec::Payload& payload) {
    if (const auto* sent = std::get_if<codec::ReferralSubmitted>(&payload)) {
        return other_word(record, {{"known_by", std::string(contract::kKnownBy.text(sent->known_by))},
                                   {"priority", std::string(contract::kPriorities.text(sent->priority))},
                                   {"occurred_on", contract::text(sent->occurred_on)}});
    }
    // The hub's own word is in a leaf of its own form (audit/log/facts.md).
    const auto* event = std::get_if<codec::ReferralEventPayload>(&payload);
    if (event == nullptr || record.org == contract::OrganisationId::hub()) return std::nullopt;
    const auto& reason = event->reason;
    const auto& outcome = event->outcome;
    return other_word(record, {{"reason", std::string(reason ? contract::kReasons.text(*reason) : "")},
                               {"outcome", std::string(outcome ? contract::kOutcomes.text(*outcome) : "")},
                               {"occurred_on", contract::text(event->occurred_on)}});
}

}  // namespace

std::optional<std::string> against_payload(std::string_view leaf, const codec::Payload& payload) {
    const auto lines = log::split_leaf(leaf);
    if (!lines || !lines->statement) return std::nullopt;
    const auto record = log::parse_record(lines->record);
    if (!record || record->decision != log::Decision::permit) return std::nullopt;
    const std::string_view operation =
        record->operation ? std::string_view(record->operation->text()) : std::string_view();
    const auto event = event_in(payload);
    if (event && operation != contract::kReferralEvents.text(*event)) return differs("operation", "payload");
    const auto* given = std::get_if<codec::ConsentGiven>(&payload);
    if (given == nullptr) {
        const auto unlike = other_word(*record, payload);
        return unlike ? std::optional(differs(*unlike, "payload")) : std::nullopt;
    }
    const bool of_consent = record->event == log::RecordEvent::consent &&
                            operation == contract::kMessageTypes.text(MessageType::consent_given);
    if (!of_consent) return differs("operation", "payload");
    const auto other = other_than(*record, *given);
    return other ? std::optional(differs(*other, "payload")) : std::nullopt;
}

std::optional<std::string> against_acks(const log::Record& record, const statement::VerifiedAcks& document) {
    constexpr std::string_view kSigned = "acknowledgement that was signed";
    if (record.event != log::RecordEvent::acknowledged || record.decision != log::Decision::permit)
        return "the leaf is of no acknowledgement";
    if (word_in(record, "acks") != contract::base64url(document.document.view()))
        return "the leaf is about another acknowledgement";
    // That none is named twice, verify_acks has seen to.
    const std::string_view delivery = word_in(record, "delivery");
    for (const statement::Ack& ack : document.acks.acks) {
        if (ack.delivery.text() != delivery) continue;
        const log::FactValue* index = record.facts.find("index");
        const auto* number = index == nullptr ? nullptr : std::get_if<std::int64_t>(index);
        const std::string native = ack.native ? contract::base64url(ack.native->view()) : std::string();
        if (number == nullptr || !std::cmp_equal(*number, contract::number(ack.index)))
            return differs("index", kSigned);
        if (word_in(record, "outcome") != contract::kAckOutcomes.text(ack.outcome))
            return differs("outcome", kSigned);
        if (record.code != ack.code) return differs("code", kSigned);
        if (word_in(record, "native") != native) return differs("native", kSigned);
        return std::nullopt;
    }
    return differs("delivery", kSigned);
}

}  // namespace kesher::verifier
