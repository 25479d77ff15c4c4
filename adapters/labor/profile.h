// The profile by which the labor arm is spoken to: what a mapping file must have, and the one that is built
// in.
#pragma once

#include <string_view>

#include "adapters/record/mapping.h"

namespace kesher::labor {

[[nodiscard]] const record::MappingForm& mapping_form();
// The text of data/mapping.toml.
[[nodiscard]] std::string_view built_in_mapping();

}  // namespace kesher::labor
