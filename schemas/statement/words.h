// Lists of published words in signed claims: sorted by spelling, each once. For this room's sources alone.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schemas/contract/closed_list.h"
#include "schemas/contract/limits.h"
#include "schemas/json/value.h"
#include "schemas/json/writer.h"

namespace kesher::statement {

template <class Enum, std::size_t N>
[[nodiscard]] bool is_in_wire_order(const std::vector<Enum>& words,
                                    const contract::ClosedList<Enum, N>& list) {
    const auto out_of_order = [&](Enum a, Enum b) { return list.text(a) >= list.text(b); };
    return std::adjacent_find(words.begin(), words.end(), out_of_order) == words.end();
}

// nullopt for an item that is no text or no word of the list; the order is the caller's to check.
template <class Enum, std::size_t N>
[[nodiscard]] std::optional<std::vector<Enum>> read_words(std::span<const json::Value> items,
                                                          const contract::ClosedList<Enum, N>& list) {
    if (items.size() > N) return std::nullopt;
    std::vector<Enum> words;
    for (const json::Value& item : items) {
        const std::string* text = item.text();
        const auto word = text != nullptr ? list.parse(*text) : std::nullopt;
        if (!word) return std::nullopt;
        words.push_back(*word);
    }
    return words;
}

template <class Enum, std::size_t N>
void write_words(json::Writer& writer, std::string_view key, const std::vector<Enum>& words,
                 const contract::ClosedList<Enum, N>& list) {
    writer.open_array(key);
    for (const Enum word : words) writer.text(list.text(word));
    writer.close();
}

// An origin of a log (C2SP checkpoint): no white space, no plus, and short enough for every statement.
[[nodiscard]] inline bool is_log_origin(std::string_view text) {
    constexpr std::size_t kOriginBytes = 255;
    return !text.empty() && text.size() <= kOriginBytes &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F && c != '+'; });
}

}  // namespace kesher::statement
