// The settings of a department's adapter: one TOML file, judged whole before anything starts.
// adapter.example.toml is written from the same table; a test holds the two together.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "adapters/social_services/hebrew.h"
#include "adapters/social_services/to_messages.h"
#include "config/toml_reader.h"

namespace kesher::social_services {

struct DepartmentSettings {
    contract::OrganisationId organisation;  // ssd-5000
    std::filesystem::path keys;             // adapters/kit/organisation_keys.h
    std::filesystem::path passphrase_file;  // empty where the key files are not encrypted
    std::filesystem::path journal;
    std::string hub;  // the name that enrolment must have pinned
    std::chrono::milliseconds poll_wait{};

    std::filesystem::path folder;  // holds inbox/, taken/, refused/, out/
    std::filesystem::path ledger;
    Encoding encoding = Encoding::windows_1255;
    std::chrono::milliseconds settle{};  // a file younger than this may still be written
    std::chrono::milliseconds keep{};    // how long taken and refused files stay
    Authority authority;                 // in the names of files
    std::string entity;                  // 9 digits, in every record
    Desk desk;
};

[[nodiscard]] contract::Result<DepartmentSettings, config::SettingsFaults> read_department_settings(
    const std::filesystem::path& file);
[[nodiscard]] contract::Result<DepartmentSettings, config::SettingsFaults> parse_department_settings(
    std::string_view toml, const std::filesystem::path& file);
[[nodiscard]] std::string department_example();

}  // namespace kesher::social_services
