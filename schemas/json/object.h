// Demands of an object exactly the members that are known, and nothing else.
//
//     json::Object object(value);
//     const auto id = object.text("id");
//     const auto note = object.optional_text("note");
//     if (!object.finish()) return refusal;      // before any member is used
//
// A missing member, one of another kind, and one that nobody asked for are all remembered; the first is
// reported by finish(). Until then a failed demand gives an empty value. The value read must outlive this.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schemas/contract/result.h"
#include "schemas/json/value.h"

namespace kesher::json {

struct Mismatch {
    enum class What : std::uint8_t { not_an_object, missing, wrong_kind, unknown };
    What what;
    std::string_view key;  // the key demanded; empty for an unknown one, which is the sender's content
};

class Object {
public:
    explicit Object(const Value& value);

    [[nodiscard]] std::string_view text(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key);
    [[nodiscard]] bool boolean(std::string_view key);
    [[nodiscard]] std::span<const Value> array(std::string_view key);
    [[nodiscard]] const Value& object(std::string_view key);  // an empty object where it failed

    [[nodiscard]] std::optional<std::string_view> optional_text(std::string_view key);
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view key);
    [[nodiscard]] std::optional<bool> optional_boolean(std::string_view key);
    [[nodiscard]] std::optional<std::span<const Value>> optional_array(std::string_view key);
    [[nodiscard]] const Value* optional_object(std::string_view key);

    // A null is no value: `"note":null` is not the same as no `note`, and both demands refuse it.
    [[nodiscard]] contract::Result<contract::Done, Mismatch> finish() const;

private:
    template <class Held>
    const Held* take(std::string_view key, bool required, const Held* (Value::*as)() const);
    void fail(Mismatch::What what, std::string_view key);

    const Value* value_;
    std::vector<std::string_view> asked_;
    std::optional<Mismatch> first_;
};

}  // namespace kesher::json
