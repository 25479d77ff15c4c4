// What is wrong with a settings or catalogue file, said so that the person who wrote it can mend it.
#pragma once

#include <string>
#include <vector>

namespace kesher::config {

struct Place {
    unsigned line = 0;  // from 1; 0 = the file as a whole
    unsigned column = 0;
    friend bool operator==(const Place&, const Place&) = default;
};

struct SettingsFault {
    std::string file;
    Place place;
    std::string key;   // dotted: listeners.person.port
    std::string what;  // never holds the value of a secret
    std::string mend;
    friend bool operator==(const SettingsFault&, const SettingsFault&) = default;
};
using SettingsFaults = std::vector<SettingsFault>;  // in file order; never empty where it is an error

// kesher.toml:12:1: listeners.person.port: 70000 is over 65535. Give a number from 1 to 65535.
[[nodiscard]] std::string text(const SettingsFault& fault);

}  // namespace kesher::config
