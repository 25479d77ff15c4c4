// Referrals to test the mappings of all native halves with. Everybody in them is invented.
#pragma once

#include <random>

#include "adapters/record/referral.h"

namespace kesher::record::samples {

// With every part: identity, contact, every other group, attachments, consent. No flag but neutral_name.
[[nodiscard]] Referral whole();
// The same, known otherwise: `contact` without identity, `presents` without identity and phone.
[[nodiscard]] Referral known_by(contract::KnownBy how);
// One that the codec takes, with anything that it may hold.
[[nodiscard]] Referral drawn(std::mt19937& dice);

inline constexpr std::string_view kIdNumber = "000000018";
inline constexpr std::string_view kPhone = "+972500000017";
inline constexpr std::string_view kGivenName = "פלונית";
inline constexpr std::string_view kFamilyName = "אלמונית";

}  // namespace kesher::record::samples
