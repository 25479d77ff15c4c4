// One fact of a record (audit/log/facts.md), by its name. A fact that is not there, or is of another kind
// than asked for, is none: what it should have said is then missing, and the rule that asked says so.
#pragma once

#include <string_view>

#include "audit/log/record.h"

namespace kesher::verifier {

// "" where there is none.
[[nodiscard]] std::string_view word_in(const log::Record& record, std::string_view fact);
// Null where there is none.
[[nodiscard]] const log::Words* words_in(const log::Record& record, std::string_view fact);
[[nodiscard]] bool is_true(const log::Record& record, std::string_view fact);

}  // namespace kesher::verifier
