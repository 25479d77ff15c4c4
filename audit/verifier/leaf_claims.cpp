#include "audit/verifier/leaf_claims.h"

#include <initializer_list>
#include <utility>
#include <variant>

#include "audit/merkle/hash.h"
#include "schemas/json/read.h"

namespace kesher::verifier {
namespace {

using contract::MessageType;

std::optional<std::string> claims_text(std::string_view jws) {
    const std::size_t first = jws.find('.');
    const std::size_t second = jws.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto bytes = contract::from_base64url(jws.substr(first + 1, second - first - 1));
    return bytes ? std::optional(std::string(contract::text_of(*bytes))) : std::nullopt;
}

std::optional<json::Value> claims_of(std::string_view text, json::Spelling spelling) {
    auto claims = json::read(text, {.spelling = spelling});
    return claims ? std::optional(std::move(*claims)) : std::nullopt;
}

// One member: what the record says, where it says it, and what the statement claims.
struct Pair {
    std::string_view member;
    std::optional<std::string> said;
    const std::string& claimed;
};

template <class Id>
std::optional<std::string> text_of(const std::optional<Id>& id) {
    return id ? std::optional(std::string(id->text())) : std::nullopt;
}
std::optional<std::string> text_of(const std::optional<contract::Purpose>& purpose) {
    return purpose ? std::optional(std::string(contract::kPurposes.text(*purpose))) : std::nullopt;
}

std::optional<std::string_view> first_other(std::initializer_list<Pair> pairs) {
    for (const Pair& pair : pairs) {
        if (pair.said && *pair.said != pair.claimed) return pair.member;
    }
    return std::nullopt;
}

// What a message does, by its type: an event of a referral says itself which (against_payload), and it is
// never a submission, which has a type of its own.
bool fits_type(std::string_view operation, std::string_view type) {
    if (operation == type) return true;
    const auto event = contract::kReferralEvents.parse(operation);
    if (!event) return false;
    const bool submits = *event == contract::ReferralEvent::submit;
    return type == contract::kMessageTypes.text(submits ? MessageType::referral_submitted
                                                        : MessageType::referral_event);
}

std::string names_another(std::string_view member, std::string_view than) {
    return "its record names another `" + std::string(member) + "` than the statement" + std::string(than);
}

std::string differs(std::string_view fact, std::string_view than) {
    return "its record says another `" + std::string(fact) + "` than the " + std::string(than);
}

std::string word_in(const log::Record& record, std::string_view fact) {
    const log::FactValue* value = record.facts.find(fact);
    const auto* held = value == nullptr ? nullptr : std::get_if<log::Word>(value);
    return held == nullptr ? std::string() : std::string(held->text());
}

// A set, whose order says nothing; none where the fact is no list, or has another word than the list's.
template <class Enum, std::size_t N>
std::optional<contract::WordSet<Enum>> set_in(const log::Record& record, std::string_view fact,
                                              const contract::ClosedList<Enum, N>& list) {
    const log::FactValue* value = record.facts.find(fact);
    const auto* held = value == nullptr ? nullptr : std::get_if<log::Words>(value);
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

}  // namespace

bool Claims::submits() const { return type == contract::kMessageTypes.text(MessageType::referral_submitted); }

Claims read_claims(std::string_view jws) {
    const std::string said = claims_text(jws).value_or("");
    auto object = claims_of(said, json::Spelling::plain);
    const bool plain = object.has_value();
    if (!plain) object = claims_of(said, json::Spelling::any);
    const auto text = [&](std::string_view key) {
        const json::Value* value = object ? object->find(key) : nullptr;
        const std::string* held = value != nullptr ? value->text() : nullptr;
        return held != nullptr ? *held : std::string();
    };
    Claims claims{text("type"),
                  text("from"),
                  text("to"),
                  text("id"),
                  text("referral"),
                  text("consent"),
                  text("purpose"),
                  text("service"),
                  text("basis"),
                  {},
                  plain};
    const json::Value* listed = object ? object->find("groups") : nullptr;
    if (listed == nullptr || listed->array() == nullptr) return claims;
    for (const json::Value& each : *listed->array()) {
        claims.groups.push_back(each.text() == nullptr ? std::string() : *each.text());
    }
    return claims;
}

std::optional<std::string> against_statement(const log::Record& record, const Claims& claims) {
    const bool permitted = record.decision == log::Decision::permit;
    const bool sender_read = permitted || record.message;
    const bool of_consent = permitted && record.event == log::RecordEvent::consent;
    const auto other =
        first_other({{"org", sender_read ? text_of(record.org) : std::nullopt, claims.from},
                     {"purpose", text_of(record.purpose), claims.purpose},
                     {"consent", text_of(record.consent), claims.consent},
                     {"message", text_of(record.message), claims.id},
                     {"referral", text_of(record.referral), claims.referral},
                     {"recipient", of_consent ? std::nullopt : text_of(record.recipient), claims.to}});
    if (other) return names_another(*other, "");
    if (permitted && record.operation && !fits_type(record.operation->text(), claims.type))
        return names_another("operation", "");
    return std::nullopt;
}

std::optional<std::string> against_released(const log::Record& record, const Claims& claims) {
    const bool submits = claims.submits();
    const auto other =
        first_other({{"org", text_of(record.org), claims.from},
                     {"purpose", submits ? text_of(record.purpose) : std::nullopt, claims.purpose},
                     {"consent", submits ? text_of(record.consent) : std::nullopt, claims.consent},
                     {"message", text_of(record.message), claims.id},
                     {"referral", text_of(record.referral), claims.referral},
                     {"recipient", text_of(record.recipient), claims.to}});
    return other ? std::optional(names_another(*other, " that it releases")) : std::nullopt;
}

std::optional<std::string> against_leaf(std::string_view leaf, std::string_view statement) {
    const auto lines = log::split_leaf(leaf);
    if (!lines) return std::string(text(lines.error()));
    const auto record = log::parse_record(lines->record);
    if (!record) return std::string(text(record.error()));
    if (lines->statement && *lines->statement == statement)
        return against_statement(*record, read_claims(statement));
    if (lines->statement || record->statement != merkle::sha256(contract::bytes_of(statement)))
        return "the leaf is about another statement";
    if (record->event != log::RecordEvent::released) return std::nullopt;
    return against_released(*record, read_claims(statement));
}

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
    if (given == nullptr) return std::nullopt;
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
    const std::string delivery = word_in(record, "delivery");
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
