// A closed list of published words: an enum, its texts, and nothing else.
//
// The texts go over the wire and into the log. Add at the end; never rename, reorder or reuse.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

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

// Some words of one closed list, each at most once. A wire list is sorted and unique; a set cannot be
// otherwise. For lists of at most 32 words; its bits are never stored: stores and wires hold words.
template <class Enum>
class WordSet {
public:
    constexpr WordSet() = default;
    constexpr WordSet(std::initializer_list<Enum> words) {
        for (const Enum word : words) add(word);
    }
    // Every word of the list from the first to `last`.
    [[nodiscard]] static constexpr WordSet up_to(Enum last) {
        WordSet all;
        all.bits_ = bit(last) | (bit(last) - 1);
        return all;
    }

    constexpr void add(Enum word) { bits_ |= bit(word); }
    [[nodiscard]] constexpr bool has(Enum word) const { return (bits_ & bit(word)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr bool includes(WordSet other) const { return (other.bits_ & ~bits_) == 0; }
    [[nodiscard]] constexpr bool meets(WordSet other) const { return (other.bits_ & bits_) != 0; }
    [[nodiscard]] constexpr WordSet with(WordSet other) const { return of(bits_ | other.bits_); }
    [[nodiscard]] constexpr WordSet without(WordSet other) const { return of(bits_ & ~other.bits_); }

    // In the order of the list.
    [[nodiscard]] std::vector<Enum> words() const {
        std::vector<Enum> found;
        for (unsigned i = 0; i < 32; ++i) {
            if (has(static_cast<Enum>(i))) found.push_back(static_cast<Enum>(i));
        }
        return found;
    }
    friend constexpr bool operator==(WordSet, WordSet) = default;

private:
    [[nodiscard]] static constexpr std::uint32_t bit(Enum word) {
        return std::uint32_t{1} << static_cast<unsigned>(word);
    }
    [[nodiscard]] static constexpr WordSet of(std::uint32_t bits) {
        WordSet set;
        set.bits_ = bits;
        return set;
    }
    std::uint32_t bits_ = 0;
};

}  // namespace kesher::contract
