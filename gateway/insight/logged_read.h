// A look that is in the log before it is shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/insight/read_request.h"
#include "gateway/insight/reading.h"

namespace kesher::insight {

// `json` once the read has its leaves: one each of what was seen, one where it was nothing. Who looks reads
// its own leaves, so it is never one for what only the hub knows to be the same woman.
[[nodiscard]] Read shown(const Rooms& rooms, const Reader& reader, std::string_view operation,
                         std::vector<Seen> seen, std::string json, std::optional<log::Scope> scope = {});
// `not_found`, once the attempt has its leaf.
[[nodiscard]] Read hidden(const Rooms& rooms, const Reader& reader, std::string_view operation,
                          std::optional<log::Scope> scope = {});

}  // namespace kesher::insight
