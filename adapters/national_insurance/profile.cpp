#include "adapters/national_insurance/profile.h"

#include <algorithm>

#include "adapters/record/standing.h"
#include "schemas/codec/words.h"

namespace kesher::national_insurance {
namespace {

using contract::ReferralState;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; }

// Of XML's names those that every toolkit takes.
bool is_name(std::string_view text) {
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

constexpr contract::WordSet<ReferralState> kOwnStates{
    ReferralState::delivered, ReferralState::accepted, ReferralState::waitlisted,
    ReferralState::scheduled, ReferralState::on_hold,  ReferralState::in_progress,
    ReferralState::declined,  ReferralState::failed,   ReferralState::completed};

record::MappingForm made_form() {
    return {.names = {"call.referral",       "call.update",
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
                      {"event", {kUpdateWords.begin(), kUpdateWords.end()}}},
            .meanings = {{"status", [](std::string_view text) { return meaning_of(text).has_value(); }}},
            .is_name = is_name,
            .is_code = is_code};
}

}  // namespace

const record::MappingForm& mapping_form() {
    static const record::MappingForm form = made_form();
    return form;
}

std::optional<Meaning> meaning_of(std::string_view text) {
    const std::size_t blank = text.find(' ');
    const auto state = contract::kReferralStates.parse(text.substr(0, blank));
    if (!state || !kOwnStates.has(*state)) return std::nullopt;
    Meaning meaning{*state};
    const auto reasons = record::reasons_of(*state);
    const std::string_view beside =
        blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
    if (beside.empty()) return reasons.empty() ? std::optional(meaning) : std::nullopt;
    if (*state == ReferralState::completed) {
        meaning.outcome = contract::kOutcomes.parse(beside);
        return meaning.outcome ? std::optional(meaning) : std::nullopt;
    }
    meaning.reason = contract::kReasons.parse(beside);
    return meaning.reason && reasons.has(*meaning.reason) ? std::optional(meaning) : std::nullopt;
}

}  // namespace kesher::national_insurance
