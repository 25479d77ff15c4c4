// A hub's first start: keys, roles and database, schema, the log's name and its first leaf, the
// operator's token. Made once; every later start only opens what is here.
#pragma once

#include <filesystem>
#include <string>

#include "config/settings.h"

namespace kesher::app {

// Sentences for the operator; nothing is half done where the database says no, because each step can be
// run again.
struct Initialisation {
    std::string superuser_conninfo;        // connected to any database of the cluster, only for this
    std::string owner_conninfo;            // as kesher_owner to the hub's database
    std::string database;                  // its name
    std::filesystem::path operator_token;  // where the first operator's token file goes (mode 0600)
};
// True where the operator's token was written. An operator that never enrolled gets another one, unless the
// first still lies there; one that did is left alone.
bool initialise(const config::Settings& settings, const Initialisation& how);

// Applies new migrations as kesher_owner; gives their names.
std::vector<std::string> migrate(const std::string& owner_conninfo);

}  // namespace kesher::app
