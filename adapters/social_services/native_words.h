// The few codes of the departments' files that are not the contract's own words, both ways.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "schemas/contract/vocabulary.h"

namespace kesher::social_services {

// 14 characters hold every legal basis but one.
inline constexpr std::string_view kNoPersonalData = "NO-PERSONAL";
[[nodiscard]] constexpr std::optional<contract::LegalBasis> basis_of(std::string_view word) {
    if (word == kNoPersonalData) return contract::LegalBasis::no_personal_data;
    const auto basis = contract::kLegalBases.parse(word);
    return basis == contract::LegalBasis::no_personal_data ? std::nullopt : basis;
}
[[nodiscard]] constexpr std::string_view word_of(contract::LegalBasis basis) {
    return basis == contract::LegalBasis::no_personal_data ? kNoPersonalData
                                                           : contract::kLegalBases.text(basis);
}

inline constexpr std::array<std::pair<std::string_view, contract::Language>, 5> kLanguageWords{
    {{"he", contract::Language::he},
     {"ar", contract::Language::ar},
     {"ru", contract::Language::ru},
     {"en", contract::Language::en},
     {"xx", contract::Language::other}}};

// Contact flag: 1 she may be reached as the file says, 2 nobody may try.
inline constexpr char kContactAllowed = '1';
inline constexpr char kContactProhibited = '2';

// Priority, status, reason and outcome are numbers: the place of the word in the contract's list,
// from 1, which is for ever; zeros where there is none.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum> numbered_word(const std::string& digits,
                                                          const contract::ClosedList<Enum, N>&) {
    std::size_t number = 0;
    for (const char c : digits) number = number * 10 + static_cast<std::size_t>(c - '0');
    if (number == 0 || number > N) return std::nullopt;
    return static_cast<Enum>(number - 1);
}

}  // namespace kesher::social_services
