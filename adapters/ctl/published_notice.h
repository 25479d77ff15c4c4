// The notice that was read to her, as a message names it: only a published one counts.
#pragma once

#include <optional>
#include <vector>

#include "schemas/codec/consent_records.h"

namespace kesher::ctl {

// Of the first purpose that is more than being kept informed; none where none is published for any of them
// in this language.
[[nodiscard]] std::optional<codec::Notice> published_notice(const std::vector<contract::Purpose>& purposes,
                                                            contract::Language language);

}  // namespace kesher::ctl
