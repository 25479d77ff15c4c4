// What is wrong with a record of theirs: line, field and flaw, and never a value.
#pragma once

#include <string>
#include <vector>

#include "schemas/contract/closed_list.h"

namespace kesher::record {

// Add at the end, never renumber: National Insurance is answered with 100 and the place here.
enum class Flaw {
    missing,
    twice,
    empty_or_long,  // no character, or more than there is room for
    unknown_code,
    not_a_number,
    not_a_day,
    not_a_time,  // an hour that the clocks jump over, or one of none of the two offsets of Israel
    not_an_id,
    value,
    count,  // the closing record counts others than there are
};
inline constexpr contract::ClosedList<Flaw, 10> kFlaws{{"missing", "twice", "empty_or_long", "unknown_code",
                                                        "not_a_number", "not_a_day", "not_a_time",
                                                        "not_an_id", "value", "count"}};

struct FieldFault {
    unsigned line = 0;  // 0 where the format has no lines
    std::string field;  // its name, as the mapping has it, or the way to it
    Flaw flaw = Flaw::value;
    friend bool operator==(const FieldFault&, const FieldFault&) = default;
};
using FieldFaults =
    std::vector<FieldFault>;  // in the order of the document; never empty where it is an error

}  // namespace kesher::record
