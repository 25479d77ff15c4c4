// What a native format cannot carry: shown to the referrer before sending (domain.md 11.0). Each native half
// declares its own list, and reads back what it wrote to the referral minus these. Never a safety flag.
#pragma once

#include <span>
#include <string_view>

#include "adapters/record/referral.h"

namespace kesher::record {

struct Loss {
    std::string_view field;  // as in Sealed.v1 or the payload's clear fields
    std::string_view he, en;
};

// Of every native half: what she is not known by there, and what no text of theirs holds.
[[nodiscard]] std::span<const Loss> common_losses();
[[nodiscard]] Referral minus_common_losses(Referral referral);

}  // namespace kesher::record
