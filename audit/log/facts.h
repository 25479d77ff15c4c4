// What a rule used and no earlier leaf holds: a short flat list of key and value, in the order given.
//
//   Facts{}.add("delivery", delivery_id).add("attempt", 1).add("groups", words)
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "audit/log/word.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/instant.h"

namespace kesher::log {

using Words = std::vector<Word>;
using FactValue = std::variant<Word, std::int64_t, bool, Words>;

class Facts {
public:
    // Integers stay within 2^53 - 1 either way (every JSON reader keeps them); keys are unique.
    static constexpr std::int64_t kIntegerMax = (std::int64_t{1} << 53) - 1;

    // std::invalid_argument for a repeated key, a key or text that is no Word, or a larger integer.
    Facts& add(std::string_view key, FactValue value);
    Facts& add(std::string_view key, std::string_view our_word) {
        return add(key, FactValue{Word::of(our_word)});
    }
    Facts& add(std::string_view key, const char* our_word) { return add(key, std::string_view{our_word}); }
    Facts& add(std::string_view key, const contract::Digest& digest);  // base64url
    Facts& add(std::string_view key, contract::Day day) { return add(key, contract::text(day)); }
    Facts& add(std::string_view key, contract::Instant instant);  // UTC ms, as `at`
    Facts& add(std::string_view key, bool value) { return add(key, FactValue{value}); }
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Facts& add(std::string_view key, Integer value) {
        if (!std::in_range<std::int64_t>(value)) refuse_integer();
        return add(key, FactValue{static_cast<std::int64_t>(value)});
    }

    [[nodiscard]] const FactValue* find(std::string_view key) const;  // null where there is none
    [[nodiscard]] const std::vector<std::pair<Word, FactValue>>& all() const { return items_; }
    [[nodiscard]] bool empty() const { return items_.empty(); }
    friend bool operator==(const Facts&, const Facts&) = default;

private:
    [[noreturn]] static void refuse_integer();
    std::vector<std::pair<Word, FactValue>> items_;
};

}  // namespace kesher::log
