// Makes the three roles and the database: once, by a superuser (kesher-hub --init, and the tests).
//
//     kesher_owner      runs migrations and owns what they make; the hub never connects as it
//     kesher_hub        the running hub: reads and adds, never changes the log
//     kesher_retention  drops what has outlived its time; nothing else may
//
// Roles belong to the whole cluster, so several databases share them. How a role proves itself
// (peer, certificate, password) is pg_hba.conf's to say: no password is made here.
#pragma once

#include <string_view>

#include "gateway/store/connection.h"

namespace kesher::store {

inline constexpr std::string_view kOwnerRole = "kesher_owner";
inline constexpr std::string_view kHubRole = "kesher_hub";
inline constexpr std::string_view kRetentionRole = "kesher_retention";

// `superuser` is connected to any other database of the cluster (usually postgres). Makes what is
// missing and leaves what is there, so it may be run again. The database is UTF-8 with the C
// collation: its order never changes with the C library. Only the three roles may connect to it.
// Throws std::invalid_argument for a name outside [a-z][a-z0-9_]{0,62}.
void bootstrap(Connection& superuser, std::string_view database);

}  // namespace kesher::store
