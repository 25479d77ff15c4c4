#include "gateway/store/bootstrap.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace kesher::store {
namespace {

// Roles are the cluster's, so two bootstraps of different databases would race to make them.
constexpr std::string_view kLock = "SELECT pg_advisory_lock(7308612134990451)::text";
constexpr std::string_view kUnlock = "SELECT pg_advisory_unlock(7308612134990451)";
constexpr std::string_view kRoleExists = "SELECT FROM pg_roles WHERE rolname = $1::text";
constexpr std::string_view kDatabaseExists = "SELECT FROM pg_database WHERE datname = $1::text";

void check_name(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto is_allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    const bool good = !name.empty() && name.size() <= 63 && is_letter(name.front()) &&
                      std::ranges::all_of(name, is_allowed);
    if (!good) throw std::invalid_argument("a database is named [a-z][a-z0-9_]{0,62}");
}

void make_role(Connection& superuser, std::string_view role) {
    if (!superuser.query(kRoleExists, Parameters{}.text(role)).empty()) return;
    superuser.script("CREATE ROLE " + std::string(role) +
                     " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS");
}

}  // namespace

void bootstrap(Connection& superuser, std::string_view database) {
    check_name(database);
    const std::string name(database);
    const std::string owner(kOwnerRole), hub(kHubRole), retention(kRetentionRole);

    (void)superuser.query(kLock);
    for (const std::string_view role : {kOwnerRole, kHubRole, kRetentionRole}) make_role(superuser, role);
    // So that a migration can hand the tables that age over to the role that drops them.
    superuser.script("GRANT " + retention + " TO " + owner);
    if (superuser.query(kDatabaseExists, Parameters{}.text(database)).empty()) {
        superuser.script("CREATE DATABASE " + name + " OWNER " + owner +
                         " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
    }
    superuser.script("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC; GRANT CONNECT ON DATABASE " + name +
                     " TO " + owner + ", " + hub + ", " + retention);
    (void)superuser.query(kUnlock);
}

}  // namespace kesher::store
