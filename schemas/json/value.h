// A JSON document that was read strictly: an immutable tree of exact types.
//
// Objects keep the order of their members and have each key once; numbers are 64-bit integers; text is
// UTF-8 without NUL. Made only by read() (schemas/json/read.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kesher::json {

struct Member;

class Value {
public:
    struct Null {
        friend bool operator==(Null, Null) = default;
    };
    using Array = std::vector<Value>;
    using Members = std::vector<Member>;

    Value() = default;
    // Written behind Member: what they may have to undo needs to know it.
    explicit Value(bool value);
    explicit Value(std::int64_t value);
    explicit Value(std::string value);
    explicit Value(const char*) = delete;  // would become a bool
    explicit Value(Array value);
    explicit Value(Members value);

    [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(held_); }
    // Each is null where the value is of another kind.
    [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&held_); }
    [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&held_); }
    [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&held_); }
    [[nodiscard]] const Array* array() const { return std::get_if<Array>(&held_); }
    [[nodiscard]] const Members* members() const { return std::get_if<Members>(&held_); }

    // The member of an object; null where there is none, or where the value is no object.
    [[nodiscard]] const Value* find(std::string_view key) const;

    friend bool operator==(const Value&, const Value&);

private:
    std::variant<Null, bool, std::int64_t, std::string, Array, Members> held_;
};

struct Member {
    std::string key;
    Value value;
    friend bool operator==(const Member&, const Member&) = default;
};

inline Value::Value(bool value) : held_(value) {}
inline Value::Value(std::int64_t value) : held_(value) {}
inline Value::Value(std::string value) : held_(std::move(value)) {}
inline Value::Value(Array value) : held_(std::move(value)) {}

}  // namespace kesher::json
