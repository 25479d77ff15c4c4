// Refuses to start on a server that could lose an answered receipt, or that writes what people sent
// into its own log file, or whose role for the hub could rewrite the audit log.
//
// Settings can be lowered per database, role or session, so they are read in the very session that
// commits. No WARNING, no switch to skip it: a receipt that was answered must be there tomorrow.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/store/connection.h"

namespace kesher::store {

using ServerSettings = std::map<std::string, std::string>;  // as pg_settings spells them

// One sentence a fault: what is wrong and how to mend it. A setting that is absent
// is a fault, but for those of extensions (auto_explain, pgaudit) that the server does not load.
[[nodiscard]] std::vector<std::string> faults_of(const ServerSettings& settings);

[[nodiscard]] ServerSettings read_settings(Connection& connection);

// Faults of the role that is connected: superuser or able to make roles, member of the tables' owner,
// or with a right beyond SELECT and INSERT on a table of the log.
[[nodiscard]] std::vector<std::string> faults_of_role(Connection& connection);

// Both, for start-up: empty where the hub may run. Throws DatabaseLost.
[[nodiscard]] std::vector<std::string> faults_of_server(Connection& connection);

}  // namespace kesher::store
