// What is wrong with a document of the health system: where in it, and in words for its people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/closed_list.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::health {

// Add at the end, never renumber: reports name them.
enum class Flaw {
    not_json,      // or larger or deeper than we read
    not_the_type,  // another resourceType
    missing,
    wrong_kind,  // an object where a text should be, and the like
    unknown_code,
    two_codes,  // two of one system where one may stand
    not_a_day,
    not_an_instant,
    not_an_id,
    not_ours,           // of another referral
    not_a_step,         // the referral's state does not allow it
    not_for_recipient,  // a status that is not the receiving body's to set
    count,
    value,
};
inline constexpr contract::ClosedList<Flaw, 14> kFlaws{
    {"not_json", "not_the_type", "missing", "wrong_kind", "unknown_code", "two_codes", "not_a_day",
     "not_an_instant", "not_an_id", "not_ours", "not_a_step", "not_for_recipient", "count", "value"}};

struct FhirFault {
    std::string place;  // "Task.statusReason.coding[0].code": names of FHIR alone, never a value
    Flaw flaw;
    friend bool operator==(const FhirFault&, const FhirFault&) = default;
};
using FhirFaults = std::vector<FhirFault>;  // never empty where it is an error

// "Task.status: unknown code". Hebrew, or English in any other language. Never holds the value itself.
[[nodiscard]] std::string words_of(const FhirFault& fault, contract::Language language);

}  // namespace kesher::health
