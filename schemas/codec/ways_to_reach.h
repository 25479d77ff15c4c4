// What leads to her, typed where no rule of form looks for it: a phone number or an e-mail address inside a
// text. While she must not be contacted or her address is confidential none stands in any text of the record,
// in any format (contract.md 1): a number under the name that may be said rings at home all the same.
#pragma once

#include <optional>
#include <string_view>

#include "schemas/codec/sealed_record.h"

namespace kesher::codec {

// The flag for which nothing in the record may lead to her; none while both are lowered.
[[nodiscard]] std::optional<contract::SafetyFlag> silence_of(const Safety& safety);

// Whether a text names one: an e-mail address, or nine and more digits dialled in a row, in whatever digits
// and with whatever dashes, blanks, points or slashes a keyboard or an older code page gives. A date with
// slashes is not part of a number.
[[nodiscard]] bool names_a_way_to_reach(std::string_view text);

// The dotted name of the first text of the record that names one; a data group's own by the group's field.
// Every text is asked but three: `contact.phone`, which may then hold nothing at all, and two that are
// numbers of something else, `worker` (the referring desk's own) and `identity.id_number`. What stands inside
// an attachment cannot be judged here.
[[nodiscard]] std::optional<std::string_view> way_to_reach_in(const Sealed& sealed);

}  // namespace kesher::codec
