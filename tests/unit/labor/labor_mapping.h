// The built-in mapping, and texts with one thing changed.
#pragma once

#include <stdexcept>
#include <string>

#include "adapters/labor/profile.h"

namespace kesher::labor::test {

inline const record::Mapping& mapping() {
    static const auto read = record::Mapping::parse(built_in_mapping(), "mapping.toml", mapping_form());
    return read.value();
}
inline std::string with(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::out_of_range("it does not stand there: " + std::string(from));
    return text.replace(at, from.size(), to);
}

}  // namespace kesher::labor::test
