#include "schemas/json/object.h"

#include <algorithm>

namespace kesher::json {
namespace {

const Value& no_members() {
    static const Value empty{Value::Members{}};
    return empty;
}

}  // namespace

Object::Object(const Value& value) : value_(&value) {
    if (value.members() == nullptr) fail(Mismatch::What::not_an_object, {});
}

void Object::fail(Mismatch::What what, std::string_view key) {
    if (!first_) first_ = Mismatch{what, key};
}

template <class Held>
const Held* Object::take(std::string_view key, bool required, const Held* (Value::*as)() const) {
    asked_.push_back(key);
    const Value* value = value_->find(key);
    if (value == nullptr) {
        if (required) fail(Mismatch::What::missing, key);
        return nullptr;
    }
    const Held* held = (value->*as)();
    if (held == nullptr) fail(Mismatch::What::wrong_kind, key);
    return held;
}

std::string_view Object::text(std::string_view key) {
    const auto* held = take(key, true, &Value::text);
    return held == nullptr ? std::string_view() : std::string_view(*held);
}

std::int64_t Object::integer(std::string_view key) {
    const auto* held = take(key, true, &Value::integer);
    return held == nullptr ? 0 : *held;
}

bool Object::boolean(std::string_view key) {
    const auto* held = take(key, true, &Value::boolean);
    return held != nullptr && *held;
}

std::span<const Value> Object::array(std::string_view key) {
    const auto* held = take(key, true, &Value::array);
    return held == nullptr ? std::span<const Value>() : std::span<const Value>(*held);
}

const Value& Object::object(std::string_view key) {
    const auto* held = take(key, true, &Value::members);
    return held == nullptr ? no_members() : *value_->find(key);
}

std::optional<std::string_view> Object::optional_text(std::string_view key) {
    const auto* held = take(key, false, &Value::text);
    if (held == nullptr) return std::nullopt;
    return std::string_view(*held);
}

std::optional<std::int64_t> Object::optional_integer(std::string_view key) {
    const auto* held = take(key, false, &Value::integer);
    if (held == nullptr) return std::nullopt;
    return *held;
}

std::optional<bool> Object::optional_boolean(std::string_view key) {
    const auto* held = take(key, false, &Value::boolean);
    if (held == nullptr) return std::nullopt;
    return *held;
}

std::optional<std::span<const Value>> Object::optional_array(std::string_view key) {
    const auto* held = take(key, false, &Value::array);
    if (held == nullptr) return std::nullopt;
    return std::span<const Value>(*held);
}

const Value* Object::optional_object(std::string_view key) {
    return take(key, false, &Value::members) == nullptr ? nullptr : value_->find(key);
}

contract::Result<contract::Done, Mismatch> Object::finish() const {
    if (first_) return contract::Failure{*first_};
    for (const Member& member : *value_->members()) {
        const bool asked = std::find(asked_.begin(), asked_.end(), member.key) != asked_.end();
        if (!asked) return contract::Failure{Mismatch{Mismatch::What::unknown, {}}};
    }
    return contract::Done{};
}

}  // namespace kesher::json
