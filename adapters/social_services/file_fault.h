// What is wrong with a file of a department: where, in which field, and in words for its people.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/closed_list.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::social_services {

// Stored in replies: add at the end, never renumber (001 is the first).
enum class Flaw {
    file_empty,
    file_too_large,
    line_end,
    line_length,
    letters,
    record_unknown,
    frame,
    record_number,
    entity,
    total,
    blank_missing,
    not_a_number,
    not_a_word,
    not_a_day,
    missing,
    pseudonym,
    service,
    priority,
    basis,
    consent,
    authority,
    language,
    contact,
    worker,
    referral_unknown,
    referral_twice,
    identity_twice,
    id_number,
    birth_year,
    phone,
    phone_prohibited,
    need_order,
    need_length,
    status,
    reason,
    time,
    outcome,
    answer,
    value,
    file_name,
    other_entity,
    route_missing,
    route_twice,
    referral_changed,
    consent_over,
    consent_groups,
    identity_required,
    flag_not_honoured,
    way_to_reach,
    status_step,
    status_not_yours,
    neutral_name_told,
};
inline constexpr contract::ClosedList<Flaw, 52> kFlaws{{"file_empty",
                                                        "file_too_large",
                                                        "line_end",
                                                        "line_length",
                                                        "letters",
                                                        "record_unknown",
                                                        "frame",
                                                        "record_number",
                                                        "entity",
                                                        "total",
                                                        "blank_missing",
                                                        "not_a_number",
                                                        "not_a_word",
                                                        "not_a_day",
                                                        "missing",
                                                        "pseudonym",
                                                        "service",
                                                        "priority",
                                                        "basis",
                                                        "consent",
                                                        "authority",
                                                        "language",
                                                        "contact",
                                                        "worker",
                                                        "referral_unknown",
                                                        "referral_twice",
                                                        "identity_twice",
                                                        "id_number",
                                                        "birth_year",
                                                        "phone",
                                                        "phone_prohibited",
                                                        "need_order",
                                                        "need_length",
                                                        "status",
                                                        "reason",
                                                        "time",
                                                        "outcome",
                                                        "answer",
                                                        "value",
                                                        "file_name",
                                                        "other_entity",
                                                        "route_missing",
                                                        "route_twice",
                                                        "referral_changed",
                                                        "consent_over",
                                                        "consent_groups",
                                                        "identity_required",
                                                        "flag_not_honoured",
                                                        "way_to_reach",
                                                        "status_step",
                                                        "status_not_yours",
                                                        "neutral_name_told"}};

inline constexpr std::size_t kFaultsTold = 100;  // of one file; the rest follows from these as a rule

struct FileFault {
    unsigned line = 0;                // from 1; 0 = the file as a whole
    unsigned column = 0;              // from 1, of the field's first character
    std::string_view field{};         // English name in fields.h; empty = the line
    std::string_view field_hebrew{};  // the same in Hebrew
    Flaw flaw = Flaw::value;
    friend bool operator==(const FileFault&, const FileFault&) = default;
};
using FileFaults = std::vector<FileFault>;  // by line and column; never empty where it is an error

// "שורה 3, עמודה 59, קוד שירות: אין שירות כזה". Never holds the value itself: it may be about a person.
[[nodiscard]] std::string words_of(const FileFault& fault, contract::Language language);
// The same without line and column, in Hebrew, for the 80 characters of a reply.
[[nodiscard]] std::string short_words_of(const FileFault& fault);

}  // namespace kesher::social_services
