#include "schemas/json/value.h"

namespace kesher::json {

Value::Value(Members value) : held_(std::move(value)) {}

const Value* Value::find(std::string_view key) const {
    const Members* all = members();
    if (all == nullptr) return nullptr;
    for (const Member& member : *all) {
        if (member.key == key) return &member.value;
    }
    return nullptr;
}

bool operator==(const Value& left, const Value& right) { return left.held_ == right.held_; }

}  // namespace kesher::json
