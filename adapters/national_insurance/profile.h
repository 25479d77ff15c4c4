// The profile by which National Insurance is spoken to: what a mapping file must have, and the one that is
// built in.
#pragma once

#include <string_view>

#include "adapters/record/mapping.h"

namespace kesher::national_insurance {

inline constexpr std::string_view kNamespace =
    "urn:kesher:national-insurance:v1";  // of the one element in Body

[[nodiscard]] const record::MappingForm& mapping_form();
// The text of data/mapping.toml.
[[nodiscard]] std::string_view built_in_mapping();

}  // namespace kesher::national_insurance
