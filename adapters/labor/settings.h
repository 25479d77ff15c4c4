// The settings of the labor arm's adapter: one TOML file, judged whole before anything starts.
// adapter.example.toml is written from the same table; a test holds the two together.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "adapters/record/liaison.h"
#include "adapters/record/listening.h"
#include "config/toml_reader.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::labor {

struct LaborSettings {
    contract::OrganisationId organisation;  // labor
    std::filesystem::path keys;             // adapters/kit/organisation_keys.h
    std::filesystem::path passphrase_file;  // empty where the key files are not encrypted
    std::filesystem::path journal;
    std::string hub;  // the name that enrolment must have pinned
    std::chrono::milliseconds poll_wait{};

    std::string
        endpoint;  // their webhook's base: /events and /referrals/{number} below; http on the loopback
    std::filesystem::path ca_file;           // PEM; empty with http
    std::filesystem::path certificate_file;  // ours, where the service asks for one; empty: none
    std::filesystem::path key_file;          // of it
    std::string origin;                      // ours, to their webhook
    std::string source;                      // of their events
    std::filesystem::path signing_key;       // ours, P-256
    std::filesystem::path their_keys;        // a JWK set
    std::chrono::milliseconds deadline{};    // of one call
    std::chrono::milliseconds pause{};       // after the service was away
    std::chrono::milliseconds look_every{};  // for what ended and may still arrive
    std::filesystem::path mapping;           // empty: the built-in one
    std::filesystem::path ledger;
    std::string place;  // where an appointment's own place must not be told

    record::ListenSettings listen{};  // where their events come to
    std::string their_origin;         // that may send them here (WebHook-Request-Origin)

    contract::OfficerId officer;  // under whose number the adapter speaks
    contract::OfficerRole role = contract::OfficerRole::system;
};

[[nodiscard]] contract::Result<LaborSettings, config::SettingsFaults> read_labor_settings(
    const std::filesystem::path& file);
[[nodiscard]] contract::Result<LaborSettings, config::SettingsFaults> parse_labor_settings(
    std::string_view toml, const std::filesystem::path& file);
[[nodiscard]] std::string labor_example();
[[nodiscard]] record::LiaisonSettings liaison_settings(const LaborSettings& settings);

}  // namespace kesher::labor
