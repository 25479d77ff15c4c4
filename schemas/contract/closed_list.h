// A closed list of published words: an enum, its texts, and nothing else.
//
// The texts go over the wire and into the log. Add at the end; never rename, reorder or reuse.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace kesher::contract {

template <class Enum, std::size_t N>
struct ClosedList {
    std::array<std::string_view, N> words;

    [[nodiscard]] constexpr std::string_view text(Enum value) const {
        return words[static_cast<std::size_t>(value)];
    }
    [[nodiscard]] constexpr std::optional<Enum> parse(std::string_view word) const {
        for (std::size_t i = 0; i < N; ++i) {
            if (words[i] == word) return static_cast<Enum>(i);
        }
        return std::nullopt;
    }
    [[nodiscard]] static constexpr std::size_t size() { return N; }
};

}  // namespace kesher::contract
