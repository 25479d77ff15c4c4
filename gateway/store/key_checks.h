// Whether the key files fit the data: values that they compute of fixed texts, kept since the first start.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/connection.h"

namespace kesher::store {

struct KeyCheck {
    std::string purpose;  // "lookup", "claim", "store.1"
    contract::Digest value;
};

// The purpose whose key is another one than before; a purpose that is new is recorded.
[[nodiscard]] std::optional<std::string> differing_key(Connection& connection,
                                                       const std::vector<KeyCheck>& checks);

[[nodiscard]] std::span<const Statement> key_check_statements();

}  // namespace kesher::store
