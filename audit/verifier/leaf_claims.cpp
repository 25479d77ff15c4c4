#include "audit/verifier/leaf_claims.h"

#include <utility>

#include "audit/merkle/hash.h"
#include "audit/verifier/leaf_facts.h"
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
std::optional<std::string> text_of(const std::optional<contract::LegalBasis>& basis) {
    return basis ? std::optional(std::string(contract::kLegalBases.text(*basis))) : std::nullopt;
}

std::optional<std::string_view> first_other(const std::vector<Pair>& pairs) {
    for (const Pair& pair : pairs) {
        if (pair.said && *pair.said != pair.claimed) return pair.member;
    }
    return std::nullopt;
}
std::optional<std::string_view> first_left_out(const std::vector<Pair>& pairs) {
    for (const Pair& pair : pairs) {
        if (!pair.said && !pair.claimed.empty()) return pair.member;
    }
    return std::nullopt;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : " ").append(word);
    return text;
}
std::optional<std::string> groups_of(const log::Record& record) {
    if (!record.scope || !record.scope->groups) return std::nullopt;
    std::vector<std::string> words;
    for (const contract::DataGroup each : *record.scope->groups)
        words.emplace_back(contract::kDataGroups.text(each));
    return joined(words);
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

// Under which event the log keeps it. The hub's own notice of a withdrawal is a message like any other.
bool fits_event(log::RecordEvent event, const Claims& claims) {
    const bool given = claims.type == contract::kMessageTypes.text(MessageType::consent_given);
    const bool revoked = claims.type == contract::kMessageTypes.text(MessageType::consent_revoked) &&
                         claims.from != contract::OrganisationId::hub().text();
    return event == (given || revoked ? log::RecordEvent::consent : log::RecordEvent::accepted);
}

std::string names_another(std::string_view member, std::string_view than) {
    return "its record names another `" + std::string(member) + "` than the statement" + std::string(than);
}

std::string leaves_out(std::string_view member) {
    return "its record leaves out the `" + std::string(member) + "` of the statement";
}

// What an acceptance says beside the members that a statement has as well.
std::optional<std::string> against_permitted(const log::Record& record, const Claims& claims) {
    if (!record.operation) return leaves_out("operation");
    if (!fits_type(record.operation->text(), claims.type)) return names_another("operation", "");
    if (!fits_event(record.event, claims)) return names_another("event", "");
    // A draft's stands in its payload, and an event of a referral has none.
    const std::string_view service = word_in(record, "service");
    if (claims.submits() && service.empty()) return leaves_out("service");
    const bool both = !service.empty() && !claims.service.empty();
    return both && service != claims.service ? std::optional(names_another("service", "")) : std::nullopt;
}

}  // namespace

bool Claims::submits() const { return type == contract::kMessageTypes.text(MessageType::referral_submitted); }
bool Claims::rehearses() const { return purpose == contract::kPurposes.text(contract::Purpose::rehearsal); }

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
    const std::string groups = joined(claims.groups);
    const std::string to = of_consent && record.recipient ? *text_of(record.recipient) : claims.to;
    const std::vector<Pair> pairs{{"org", sender_read ? text_of(record.org) : std::nullopt, claims.from},
                                  {"purpose", text_of(record.purpose), claims.purpose},
                                  {"basis", text_of(record.basis), claims.basis},
                                  {"scope.groups", groups_of(record), groups},
                                  {"consent", text_of(record.consent), claims.consent},
                                  {"message", text_of(record.message), claims.id},
                                  {"referral", text_of(record.referral), claims.referral},
                                  {"recipient", text_of(record.recipient), to}};
    if (const auto other = first_other(pairs)) return names_another(*other, "");
    if (!permitted) return std::nullopt;
    if (const auto missing = first_left_out(pairs)) return leaves_out(*missing);
    return against_permitted(record, claims);
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

}  // namespace kesher::verifier
