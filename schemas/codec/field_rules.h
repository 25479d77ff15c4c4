// How one field stands in the bytes and which values it may have: each rule writes a value and reads
// one back, and says no to a value outside its list or bounds. Internal to this room.
//
// A rule has `bool write(Writer&, const T&)` and `std::optional<T> read(AvroNode)`.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "schemas/codec/avro_value.h"
#include "schemas/codec/writer.h"
#include "schemas/contract/closed_list.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/limits.h"

namespace kesher::codec {

// Text for people: well-formed, without NUL, its length in characters; a Line holds no control character.
struct Text {
    std::size_t least = 1;
    std::size_t most = contract::limits::kFreeTextCharacters;
    bool one_line = false;
    [[nodiscard]] bool holds(std::string_view text) const;
    bool write(Writer& out, const std::string& value) const;
    [[nodiscard]] std::optional<std::string> read(AvroNode node) const;
};
[[nodiscard]] inline Text line(std::size_t most = contract::limits::kShortTextCharacters) {
    return {1, most, true};
}

// Text for programs (a JWS, a leaf): its length in bytes.
struct Document {
    std::size_t most;
    [[nodiscard]] bool holds(std::string_view text) const;
    bool write(Writer& out, const std::string& value) const;
    [[nodiscard]] std::optional<std::string> read(AvroNode node) const;
};

// Text of a fixed form: the function says whether it is.
struct Formed {
    bool (*is_formed)(std::string_view);
    bool write(Writer& out, const std::string& value) const;
    [[nodiscard]] std::optional<std::string> read(AvroNode node) const;
};

struct Blob {
    std::size_t most;
    bool (*is_formed)(contract::ByteView) = nullptr;
    bool write(Writer& out, const contract::Bytes& value) const;
    [[nodiscard]] std::optional<contract::Bytes> read(AvroNode node) const;
};

struct Truth {
    bool write(Writer& out, bool value) const { return out.truth(value), true; }
    [[nodiscard]] std::optional<bool> read(AvroNode node) const { return node.truth(); }
};

struct DayRule {
    bool write(Writer& out, contract::Day value) const;
    [[nodiscard]] std::optional<contract::Day> read(AvroNode node) const;
};

struct InstantRule {
    bool write(Writer& out, contract::Instant value) const;
    [[nodiscard]] std::optional<contract::Instant> read(AvroNode node) const;
};

// A month, written as its first day.
struct MonthRule {
    bool write(Writer& out, std::chrono::year_month value) const;
    [[nodiscard]] std::optional<std::chrono::year_month> read(AvroNode node) const;
};

struct Count {
    std::int32_t least;
    std::int32_t most;
    bool write(Writer& out, std::int32_t value) const { return out.number(value), holds(value); }
    [[nodiscard]] std::optional<std::int32_t> read(AvroNode node) const {
        const auto value = static_cast<std::int32_t>(node.number());
        return holds(value) ? std::optional(value) : std::nullopt;
    }
    [[nodiscard]] bool holds(std::int32_t value) const { return value >= least && value <= most; }
};

struct Leaf {
    bool write(Writer& out, contract::LeafIndex value) const;
    [[nodiscard]] std::optional<contract::LeafIndex> read(AvroNode node) const;
};

// `fixed`: a Salt.
template <class Array>
struct Octets {
    bool write(Writer& out, const Array& value) const { return out.raw(value), true; }
    [[nodiscard]] std::optional<Array> read(AvroNode node) const {
        Array value{};
        const contract::ByteView octets = node.fixed();
        if (octets.size() != value.size()) return std::nullopt;
        std::copy(octets.begin(), octets.end(), value.begin());
        return value;
    }
};

struct DigestRule {
    bool write(Writer& out, const contract::Digest& value) const { return out.raw(value.view()), true; }
    [[nodiscard]] std::optional<contract::Digest> read(AvroNode node) const {
        return contract::Digest::from(node.fixed());
    }
};

[[nodiscard]] inline std::string spelled(const contract::Pseudonym& pseudonym) { return pseudonym.reveal(); }
template <class Id>
[[nodiscard]] std::string spelled(const Id& id) {
    return std::string(id.text());
}

template <class Id>
struct IdRule {
    bool write(Writer& out, const Id& value) const { return out.text(spelled(value)), true; }
    [[nodiscard]] std::optional<Id> read(AvroNode node) const { return Id::parse(node.text()); }
};

// A word of a closed list, as text.
template <class Enum, std::size_t N>
struct Word {
    const contract::ClosedList<Enum, N>& list;
    bool write(Writer& out, Enum value) const {
        const bool known = static_cast<std::size_t>(value) < N;
        if (known) out.text(list.text(value));
        return known;
    }
    [[nodiscard]] std::optional<Enum> read(AvroNode node) const { return list.parse(node.text()); }
};

// A word of a closed list, as the place that it has in the Avro enum.
template <class Enum, std::size_t N>
struct Symbol {
    const contract::ClosedList<Enum, N>& list;
    bool write(Writer& out, Enum value) const {
        out.number(static_cast<std::int64_t>(value));
        return static_cast<std::size_t>(value) < N;
    }
    [[nodiscard]] std::optional<Enum> read(AvroNode node) const {
        return node.symbol() < N ? std::optional(static_cast<Enum>(node.symbol())) : std::nullopt;
    }
};

template <class Rule>
struct Nullable {
    Rule rule;
    template <class T>
    bool write(Writer& out, const std::optional<T>& value) const {
        out.number(value ? 1 : 0);
        return !value || rule.write(out, *value);
    }
    [[nodiscard]] auto read(AvroNode node) const {
        using Value = decltype(rule.read(node));  // optional<T>
        const auto there = node.present();
        if (!there) return std::optional<Value>(std::in_place);
        Value value = rule.read(*there);
        return value ? std::optional<Value>(std::in_place, *std::move(value)) : std::optional<Value>();
    }
};
template <class Rule>
[[nodiscard]] Nullable<Rule> nullable(Rule rule) {
    return {rule};
}

// What is judged later than here: a text that is not of its form reads as none (envelope_records.h).
template <class Rule>
struct Claimed {
    Rule rule;
    template <class T>
    bool write(Writer& out, const std::optional<T>& value) const {
        return value && rule.write(out, *value);
    }
    [[nodiscard]] auto read(AvroNode node) const {
        return std::optional<decltype(rule.read(node))>(std::in_place, rule.read(node));
    }
};
template <class Rule>
[[nodiscard]] Claimed<Rule> claimed(Rule rule) {
    return {rule};
}

// One block with its count and a closing 0, or just the 0.
template <class Rule>
struct List {
    Rule rule;
    std::size_t least = 0;
    std::size_t most = contract::limits::kListItems;

    template <class T>
    bool write(Writer& out, const std::vector<T>& values) const {
        bool kept = values.size() >= least && values.size() <= most;
        if (!values.empty()) out.number(static_cast<std::int64_t>(values.size()));
        for (const T& value : values) kept = rule.write(out, value) && kept;
        out.number(0);
        return kept;
    }
    [[nodiscard]] auto read(AvroNode node) const {
        using T = typename decltype(rule.read(node))::value_type;
        std::optional<std::vector<T>> none;
        if (node.items() < least || node.items() > most) return none;
        std::vector<T> values;
        values.reserve(node.items());
        for (std::size_t i = 0; i < node.items(); ++i) {
            auto value = rule.read(node.item(i));
            if (!value) return none;
            values.push_back(*std::move(value));
        }
        return std::optional(std::move(values));
    }
};
template <class Rule>
[[nodiscard]] List<Rule> list(Rule rule, std::size_t least = 0,
                              std::size_t most = contract::limits::kListItems) {
    return {rule, least, most};
}

// Words of a closed list, each once, in order of their spelling.
template <template <class, std::size_t> class Item, class Enum, std::size_t N>
struct WordSet {
    Item<Enum, N> item;
    std::size_t least = 0;

    bool write(Writer& out, std::vector<Enum> values) const {
        const auto known = [](Enum value) { return static_cast<std::size_t>(value) < N; };
        if (!std::all_of(values.begin(), values.end(), known)) return false;
        std::sort(values.begin(), values.end(), [this](Enum a, Enum b) { return before(a, b); });
        return list(item, least).write(out, values) && ascending(values);
    }
    [[nodiscard]] std::optional<std::vector<Enum>> read(AvroNode node) const {
        auto values = list(item, least).read(node);
        if (values && !ascending(*values)) values.reset();
        return values;
    }

private:
    [[nodiscard]] bool before(Enum a, Enum b) const { return item.list.text(a) < item.list.text(b); }
    [[nodiscard]] bool ascending(const std::vector<Enum>& values) const {
        const auto not_before = [this](Enum a, Enum b) { return !before(a, b); };
        return std::adjacent_find(values.begin(), values.end(), not_before) == values.end();
    }
};
template <template <class, std::size_t> class Item, class Enum, std::size_t N>
[[nodiscard]] WordSet<Item, Enum, N> word_set(Item<Enum, N> item, std::size_t least = 0) {
    return {item, least};
}

}  // namespace kesher::codec
