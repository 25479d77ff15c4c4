// schemas/openapi.yaml, built into the program: what a hub serves and what it says it serves are one version.
#pragma once

#include <string_view>

namespace kesher::http {

[[nodiscard]] std::string_view openapi_page();

}  // namespace kesher::http
