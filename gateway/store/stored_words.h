// Values as rows hold them, and back. What does not read back was changed behind the hub's back or
// by a mistake of ours: DatabaseCorrupt, naming the column and never the value.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/parameters.h"
#include "gateway/store/rows.h"
#include "schemas/contract/closed_list.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"

namespace kesher::store {

class DatabaseCorrupt : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

[[noreturn]] void refuse_stored(std::string_view column);

template <class T>
[[nodiscard]] T stored(std::optional<T> value, std::string_view column) {
    if (!value) refuse_stored(column);
    return *std::move(value);
}

[[nodiscard]] contract::OrganisationId stored_organisation(std::string_view text);
[[nodiscard]] contract::LeafIndex stored_index(std::int64_t number);
[[nodiscard]] std::int64_t bigint(contract::LeafIndex index);
[[nodiscard]] std::int64_t bigint(contract::Instant instant);  // UTC milliseconds
[[nodiscard]] contract::Instant stored_instant(std::int64_t milliseconds);
[[nodiscard]] std::int32_t integer(contract::Day day);  // days since 1970-01-01
[[nodiscard]] contract::Day stored_day(std::int32_t days);

template <class Id>
[[nodiscard]] Id stored_id(const Uuid& bytes) {
    return stored(Id::from_bytes(bytes), "id");
}

// A set of published words as one text: "CONTACT IDENTITY". Words hold no space, so it reads back to
// the same list; a text[][] cannot be unnested by rows.
template <class Enum, std::size_t N>
[[nodiscard]] std::string joined(const contract::ClosedList<Enum, N>& list, const std::vector<Enum>& values) {
    std::string text;
    for (const Enum value : values) {
        if (!text.empty()) text += ' ';
        text += list.text(value);
    }
    return text;
}

template <class Enum, std::size_t N>
[[nodiscard]] std::string joined(const contract::ClosedList<Enum, N>& list, contract::WordSet<Enum> values) {
    return joined(list, values.words());
}

[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);

template <class Enum, std::size_t N>
[[nodiscard]] std::vector<Enum> stored_list(const contract::ClosedList<Enum, N>& list, std::string_view text,
                                            std::string_view column) {
    std::vector<Enum> values;
    for (const std::string_view word : split_words(text)) values.push_back(stored(list.parse(word), column));
    return values;
}

template <class Enum, std::size_t N>
[[nodiscard]] contract::WordSet<Enum> stored_set(const contract::ClosedList<Enum, N>& list,
                                                 std::string_view text, std::string_view column) {
    contract::WordSet<Enum> set;
    for (const Enum value : stored_list(list, text, column)) set.add(value);
    return set;
}

}  // namespace kesher::store
