// A statement's codes as words for a person who has never seen the exchange.
#pragma once

#include <string>
#include <string_view>

#include "schemas/statement/statement.h"

namespace kesher::verifier {

// "referred a case to"; the sender stands before it, the recipient after it.
[[nodiscard]] std::string_view deed(contract::MessageType type);
// "the person consented (Privacy Protection Law s. 23b)"
[[nodiscard]] std::string_view ground(contract::LegalBasis basis);
// "ssd-5000 referred a case to health on 2026-11-21: the person consented (…)"
[[nodiscard]] std::string sentence(const statement::DatedStatement& said);

}  // namespace kesher::verifier
