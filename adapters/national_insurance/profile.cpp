#include "adapters/national_insurance/profile.h"

#include <algorithm>

#include "adapters/record/called_system.h"
#include "adapters/record/native_status.h"
#include "schemas/codec/words.h"

namespace kesher::national_insurance {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; }

// Of XML's names those that every toolkit takes.
bool is_name(std::string_view, std::string_view text) {
    return !text.empty() && text.size() <= 64 && is_letter(text.front()) &&
           std::ranges::all_of(text, is_name_character);
}
bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, is_name_character);
}

template <class List>
record::MappingForm::Codes codes(std::string_view list, const List& words) {
    return {list, {words.words.begin(), words.words.end()}};
}

// National Insurance serves these alone.
record::MappingForm::Codes services() {
    record::MappingForm::Codes made{"service", {}};
    for (const std::string_view word : contract::kServices.words) {
        if (word.starts_with("BEN-")) made.words.push_back(word);
    }
    return made;
}

record::MappingForm made_form() {
    return {
        .names = {"call.referral",       "call.update",
                  "call.inquiry",        "call.status",
                  "header.element",      "header.kind",
                  "header.version",      "header.on",
                  "header.environment",  "header.direction",
                  "header.sender",       "header.sender_name",
                  "header.transfer",     "header.file",
                  "closing.element",     "closing.count",
                  "referral.element",    "referral.number",
                  "referral.service",    "referral.pseudonym",
                  "referral.known_by",   "referral.priority",
                  "referral.language",   "referral.on",
                  "referral.purpose",    "referral.basis",
                  "referral.consent",    "referral.consent_until",
                  "referral.contact",    "referral.flag",
                  "referral.flags",      "referral.group",
                  "referral.need",       "referral.worker",
                  "referral.statement",  "referral.id_number",
                  "referral.given_name", "referral.family_name",
                  "referral.birth_year", "contact.element",
                  "contact.phone",       "contact.neutral_name",
                  "contact.channel",     "contact.hours",
                  "contact.weekday",     "contact.from",
                  "contact.until",       "particulars.element",
                  "particulars.group",   "particulars.text",
                  "particulars.answer",  "particulars.code",
                  "particulars.value",   "attachment.element",
                  "attachment.name",     "attachment.type",
                  "attachment.group",    "attachment.content",
                  "appointment.element", "appointment.slot",
                  "appointment.offset",  "appointment.minutes",
                  "appointment.place",   "status.element",
                  "status.number",       "status.code",
                  "status.on",           "status.reason",
                  "status.outcome",      "status.words",
                  "update.element",      "update.number",
                  "update.event",        "update.on",
                  "update.reason",       "update.words",
                  "inquiry.element",     "inquiry.transfer",
                  "result.code",         "result.line",
                  "result.field",        "result.words"},
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

}  // namespace kesher::national_insurance
