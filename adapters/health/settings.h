// The settings of a health organisation's adapter: one TOML file, judged whole before anything starts.
// adapter.example.toml is written from the same table; a test holds the two together.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "config/toml_reader.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::health {

struct HealthSettings {
    contract::OrganisationId organisation;  // health
    std::filesystem::path keys;             // adapters/kit/organisation_keys.h
    std::filesystem::path passphrase_file;  // empty where the key files are not encrypted
    std::filesystem::path journal;
    std::string hub;  // the name that enrolment must have pinned
    std::chrono::milliseconds poll_wait{};

    std::string base_url;                      // of the FHIR server; http on the loopback alone
    std::filesystem::path ca_file;             // PEM; empty with http
    std::filesystem::path authorization_file;  // first line: value of the header; empty where none is asked
    std::chrono::milliseconds deadline{};      // of one call
    std::chrono::milliseconds pause{};         // after the server was away
    std::chrono::milliseconds look_every{};    // for Tasks that changed
    std::chrono::milliseconds sweep_every{};   // of every open Task by its id
    std::filesystem::path ledger;
    std::string place;  // where the Appointment's own label must not be told

    contract::OfficerId officer;  // under whose number the adapter speaks
    contract::OfficerRole role = contract::OfficerRole::system;
};

[[nodiscard]] contract::Result<HealthSettings, config::SettingsFaults> read_health_settings(
    const std::filesystem::path& file);
[[nodiscard]] contract::Result<HealthSettings, config::SettingsFaults> parse_health_settings(
    std::string_view toml, const std::filesystem::path& file);
[[nodiscard]] std::string health_example();

}  // namespace kesher::health
