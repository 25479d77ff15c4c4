// The profile by which National Insurance is spoken to: what a mapping file must have, and the one that is
// built in.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "adapters/record/mapping.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::national_insurance {

inline constexpr std::string_view kNamespace =
    "urn:kesher:national-insurance:v1";  // of the one element in Body

[[nodiscard]] const record::MappingForm& mapping_form();
// The text of data/mapping.toml.
[[nodiscard]] std::string_view built_in_mapping();

// What we tell of a referral that was given: an event of who referred her, of hers or of the hub, or that the
// consent is over under which she was referred, or that what they said of it last was not told (`not_told`).
inline constexpr std::array<std::string_view, 11> kUpdateWords{
    "withdraw", "cancel", "expire", "mark_error", "freeze",  "unfreeze",
    "schedule", "hold",   "resume", "revoke",     "not_told"};

// "DECLINED not-eligible": a state that the receiving body gives, with a reason or an outcome of it.
struct Meaning {
    contract::ReferralState state;
    std::optional<contract::Reason> reason{};
    std::optional<contract::Outcome> outcome{};
    friend bool operator==(const Meaning&, const Meaning&) = default;
};
[[nodiscard]] std::optional<Meaning> meaning_of(std::string_view text);

}  // namespace kesher::national_insurance
