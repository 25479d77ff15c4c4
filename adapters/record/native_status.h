// What a native system says of a referral that it was given, and which events it leads to. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/record/change.h"
#include "adapters/record/standing.h"

namespace kesher::record {

// A state that the receiving body gives, with a reason or an outcome of it.
struct Meaning {
    contract::ReferralState state;
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    friend bool operator==(const Meaning&, const Meaning&) = default;
};
// "DECLINED not-eligible", as a mapping says it; none where it is none. "COMPLETED" alone has its outcome
// beside each status of theirs.
[[nodiscard]] std::optional<Meaning> meaning_of(std::string_view text);

struct Status {
    contract::ReferralId referral;
    Meaning meaning;
    contract::Day on;
    std::optional<std::string> words{};
    std::optional<codec::Appointment> appointment{};
    unsigned line = 0;  // of the document, where it has lines
};

// The events that lead there, in order, the skipped ones synthesised; empty where it stands there and nothing
// more is said. None where no way leads there, where it is frozen, and where what is said beside the state
// would be lost. That she did not come is never made of a state: a date that is known stays.
[[nodiscard]] std::optional<std::vector<Change>> changes_to(const Standing& standing, const Status& status);

}  // namespace kesher::record
