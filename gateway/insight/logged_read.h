// A look that is in the log before it is shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/insight/read_request.h"
#include "gateway/insight/reading.h"

namespace kesher::insight {

// `json` once the read has its leaves: one a subject seen, one where nobody was.
[[nodiscard]] Read shown(const Rooms& rooms, const Reader& reader, std::string_view operation,
                         std::vector<Seen> seen, std::string json, std::optional<log::Scope> scope = {});
// `not_found`, once the attempt has its leaf.
[[nodiscard]] Read hidden(const Rooms& rooms, const Reader& reader, std::string_view operation,
                          std::optional<log::Scope> scope = {});
// Each subject once.
void add_subject(std::vector<Seen>& seen, const keys::SubjectKey& subject);

}  // namespace kesher::insight
