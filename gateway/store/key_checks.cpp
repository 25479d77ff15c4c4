#include "gateway/store/key_checks.h"

#include <array>

namespace kesher::store {
namespace {

constexpr Statement kFind{"key_check_find", "SELECT value FROM key_check WHERE purpose = $1"};
constexpr Statement kInsert{"key_check_insert", "INSERT INTO key_check (purpose, value) VALUES ($1, $2)"};
constexpr std::array kStatements{kFind, kInsert};

}  // namespace

std::span<const Statement> key_check_statements() { return kStatements; }

std::optional<std::string> differing_key(Connection& connection, const std::vector<KeyCheck>& checks) {
    for (const KeyCheck& check : checks) {
        const Rows rows = connection.execute(kFind, Parameters{}.text(check.purpose));
        if (rows.empty()) {
            connection.execute(kInsert, Parameters{}.text(check.purpose).bytes(check.value.view()));
        } else if (rows.only().digest(0) != check.value) {
            return check.purpose;
        }
    }
    return std::nullopt;
}

}  // namespace kesher::store
