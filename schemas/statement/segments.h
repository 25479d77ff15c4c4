// The compact form of JOSE: base64url segments with dots between. For this room's sources alone.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/contract/bytes.h"

namespace kesher::statement {

// Exactly N segments; what is in them is for the caller to decode.
template <std::size_t N>
[[nodiscard]] std::optional<std::array<std::string_view, N>> split_segments(std::string_view compact) {
    std::array<std::string_view, N> segments{};
    for (std::size_t i = 0; i < N; ++i) {
        const std::size_t dot = compact.find('.');
        if ((dot == std::string_view::npos) != (i == N - 1)) return std::nullopt;
        segments[i] = compact.substr(0, dot);
        compact.remove_prefix(dot == std::string_view::npos ? compact.size() : dot + 1);
    }
    return segments;
}

// The segment's bytes as text.
[[nodiscard]] inline std::optional<std::string> decoded_text(std::string_view segment) {
    const auto bytes = contract::from_base64url(segment);
    if (!bytes) return std::nullopt;
    return std::string(bytes->begin(), bytes->end());
}

}  // namespace kesher::statement
