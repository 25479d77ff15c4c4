#include "audit/log/facts.h"

#include <algorithm>
#include <stdexcept>

namespace kesher::log {

Facts& Facts::add(std::string_view key, FactValue value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (integer != nullptr && (*integer > kIntegerMax || *integer < -kIntegerMax)) refuse_integer();
    if (find(key) != nullptr) throw std::invalid_argument("a fact is named twice");
    items_.emplace_back(Word::of(key), std::move(value));
    return *this;
}

Facts& Facts::add(std::string_view key, const contract::Digest& digest) {
    return add(key, contract::base64url(digest.view()));
}

Facts& Facts::add(std::string_view key, contract::Instant instant) {
    return add(key, std::int64_t{instant.time_since_epoch().count()});
}

const FactValue* Facts::find(std::string_view key) const {
    const auto found = std::find_if(items_.begin(), items_.end(),
                                    [key](const auto& item) { return item.first.text() == key; });
    return found == items_.end() ? nullptr : &found->second;
}

void Facts::refuse_integer() { throw std::invalid_argument("a fact's integer is over 2^53 - 1"); }

}  // namespace kesher::log
