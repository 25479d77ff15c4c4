#include "adapters/labor/profile.h"

#include <algorithm>

#include "adapters/record/called_system.h"
#include "adapters/record/native_status.h"
#include "schemas/codec/words.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::labor {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_name_character(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '@' || c == ':';
}

// CloudEvents 1.0.2, "Naming conventions": what its own attributes are called nothing else is.
constexpr std::array<std::string_view, 9> kOwnAttributes{
    "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data"};

bool is_attribute(std::string_view name) {
    return !name.empty() && name.size() <= 20 &&
           std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c); }) &&
           std::ranges::find(kOwnAttributes, name) == kOwnAttributes.end();
}
bool is_name(std::string_view field, std::string_view name) {
    if (field.starts_with("attribute.")) return is_attribute(name);
    if (name == "@context") return false;  // JSON-LD's own, which stands in every event
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, is_name_character);
}
bool is_code(std::string_view code) {
    return !code.empty() && code.size() <= 64 && std::ranges::all_of(code, is_name_character);
}

template <class List>
record::MappingForm::Codes codes(std::string_view list, const List& words) {
    return {list, {words.words.begin(), words.words.end()}};
}

// The labor arm serves these alone.
record::MappingForm::Codes services() {
    record::MappingForm::Codes made{"service", {}};
    for (const std::string_view word : contract::kServices.words) {
        if (word.starts_with("EMP-")) made.words.push_back(word);
    }
    return made;
}

record::MappingForm made_form() {
    return {
        .names = {"type.referral",
                  "type.update",
                  "type.status",
                  "type.receipt",
                  "attribute.referral",
                  "attribute.consent",
                  "attribute.consent_until",
                  "attribute.basis",
                  "data.action",
                  "data.object",
                  "data.participant",
                  "data.language",
                  "data.priority",
                  "data.purpose",
                  "data.groups",
                  "data.policy",
                  "data.need",
                  "data.worker",
                  "data.particulars",
                  "data.attachments",
                  "data.schedule",
                  "data.statement",
                  "data.event",
                  "data.on",
                  "data.reason",
                  "data.status",
                  "data.substatus",
                  "data.error",
                  "data.outcome",
                  "object.kind",
                  "object.service",
                  "object.occupation",
                  "error.reason",
                  "participant.kind",
                  "participant.identifier",
                  "participant.known_by",
                  "participant.id_number",
                  "participant.given_name",
                  "participant.family_name",
                  "participant.birth_year",
                  "participant.contact",
                  "contact.kind",
                  "contact.phone",
                  "contact.neutral_name",
                  "contact.channel",
                  "contact.hours",
                  "hours.weekday",
                  "hours.from",
                  "hours.until",
                  "policy.contact",
                  "policy.flags",
                  "policy.count",
                  "particulars.group",
                  "particulars.text",
                  "particulars.answers",
                  "answer.code",
                  "answer.value",
                  "attachment.name",
                  "attachment.type",
                  "attachment.group",
                  "attachment.content",
                  "schedule.start",
                  "schedule.minutes",
                  "schedule.place",
                  "receipt.event",
                  "receipt.digest",
                  "receipt.words"},
        .codes = {services(),
                  codes("known_by", contract::kKnownBy),
                  codes("priority", contract::kPriorities),
                  codes("language", contract::kLanguages),
                  codes("channel", codec::kSafeChannels),
                  {"contact", {"allowed", "prohibited"}},
                  {"event", {record::kUpdateWords.begin(), record::kUpdateWords.end()}}},
        .meanings = {{"status", [](std::string_view text) { return record::meaning_of(text).has_value(); }}},
        .is_name = is_name,
        .is_code = is_code};
}

}  // namespace

const record::MappingForm& mapping_form() {
    static const record::MappingForm form = made_form();
    return form;
}

}  // namespace kesher::labor
