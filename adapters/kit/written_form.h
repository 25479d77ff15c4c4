// How a value is written on a command line, for whoever wrote another: an example and the rule.
//
// What was given is never said again: it may be a number of somebody's, typed into the wrong place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"

namespace kesher::kit {

struct WrittenForm {
    std::string_view example;
    std::string_view rule;
};

template <class Value>
inline constexpr WrittenForm kWrittenForm{};
template <>
inline constexpr WrittenForm kWrittenForm<contract::Day>{"2026-11-21", "year-month-day, 1900 to 2199"};
template <>
inline constexpr WrittenForm kWrittenForm<contract::OrganisationId>{
    "ssd-5000", "2 to 32 small letters, digits and hyphens, a letter first"};
template <>
inline constexpr WrittenForm kWrittenForm<contract::OfficerId>{
    "W-17", "1 to 32 letters, digits, dots, hyphens and underscores, never an identity number"};
template <>
inline constexpr WrittenForm kWrittenForm<contract::Pseudonym>{
    "1ABCDEFGHJKMNPQRS2", "18 letters and digits as the hub gave them, the last a check character"};
template <>
inline constexpr WrittenForm kWrittenForm<contract::Digest>{"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
                                                            "43 characters of base64url, of a SHA-256"};
template <>
inline constexpr WrittenForm kWrittenForm<std::int64_t>{"17", "a whole number, digits alone"};
template <class Tag>
inline constexpr WrittenForm kWrittenForm<contract::UuidId<Tag>>{
    "44444444-4444-4444-8444-444444444444", "a UUID of version 4 or 8, in small letters"};

// Without the option's name, which the caller says in front.
template <class Value>
[[nodiscard]] std::string not_of_its_form() {
    constexpr WrittenForm form = kWrittenForm<Value>;
    static_assert(!form.example.empty(), "this type has no form above");
    return std::string("what was given is not of its form, such as ")
        .append(form.example)
        .append(" (")
        .append(form.rule)
        .append(")");
}

}  // namespace kesher::kit
