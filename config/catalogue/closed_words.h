// Which words must be there: one for each word of the closed lists of schemas/contract, no more and
// no fewer, so that no screen ever shows a bare code.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace kesher::catalogue {

// "state.DRAFT", "code.busy.title": every key of a closed topic.
[[nodiscard]] const std::set<std::string, std::less<>>& closed_keys();
// Whether a key belongs to a topic that is a closed list; other topics (pages) are free.
[[nodiscard]] bool in_closed_topic(std::string_view key);

}  // namespace kesher::catalogue
