// What a command line must bring with an event of a referral, told at home and by the option's name.
//
// The hub judges by its own table and is asked in any case; here is what follows from the event alone, so
// that nobody learns from a published code which option it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemas/contract/vocabulary.h"

namespace kesher::ctl {

// What a body may give as its reason, in the published order; empty: none goes with the event.
[[nodiscard]] std::vector<contract::Reason> reasons_of(contract::ReferralEvent event);
[[nodiscard]] bool demands_reason(contract::ReferralEvent event);
// Sent without a sealed part, so that it always passes (contract.md 3).
[[nodiscard]] bool is_never_sealed(contract::ReferralEvent event);
// What the referring side says only as her word.
[[nodiscard]] bool is_her_word(contract::ReferralEvent event);

struct EventLine {
    contract::ReferralEvent event;
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    bool says_more = false;  // a sealed part
    bool subject_acts = false;
};
struct WrongOption {
    std::string option;
    std::string sentence;
    friend bool operator==(const WrongOption&, const WrongOption&) = default;
};
// The first that is missing, or goes with another event.
[[nodiscard]] std::optional<WrongOption> wrong_option(const EventLine& line);

}  // namespace kesher::ctl
