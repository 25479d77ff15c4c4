// The settings of National Insurance's adapter: one TOML file, judged whole before anything starts.
// adapter.example.toml is written from the same table; a test holds the two together.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/national_insurance/referral_form.h"
#include "adapters/record/liaison.h"
#include "adapters/record/listening.h"
#include "config/toml_reader.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::national_insurance {

// How X-Road names the parties: instance and class of all of them; organisations' ids are member codes.
struct XRoadNames {
    std::string instance, member_class;
    std::string subsystem;           // of National Insurance
    std::string exchange_subsystem;  // of every body that is reached through the exchange
};

struct NationalInsuranceSettings {
    contract::OrganisationId organisation;  // nii
    std::filesystem::path keys;             // adapters/kit/organisation_keys.h
    std::filesystem::path passphrase_file;  // empty where the key files are not encrypted
    std::filesystem::path journal;
    std::string hub;  // the name that enrolment must have pinned
    std::chrono::milliseconds poll_wait{};

    std::string endpoint;                    // of their service; http on the loopback alone
    std::filesystem::path ca_file;           // PEM; empty with http
    std::filesystem::path certificate_file;  // ours, where the service asks for one; empty: none
    std::filesystem::path key_file;          // of it
    std::chrono::milliseconds deadline{};    // of one call
    std::chrono::milliseconds pause{};       // after the service was away
    std::chrono::milliseconds look_every{};  // for what ended and may still arrive
    std::filesystem::path mapping;           // empty: the built-in one
    std::filesystem::path ledger;
    Environment environment = Environment::production;
    XRoadNames names{};
    std::string place;  // where an appointment's own place must not be told

    record::ListenSettings listen{};  // where their calls come to

    contract::OfficerId officer;  // under whose number the adapter speaks
    contract::OfficerRole role = contract::OfficerRole::system;
};

[[nodiscard]] contract::Result<NationalInsuranceSettings, config::SettingsFaults>
read_national_insurance_settings(const std::filesystem::path& file);
[[nodiscard]] contract::Result<NationalInsuranceSettings, config::SettingsFaults>
parse_national_insurance_settings(std::string_view toml, const std::filesystem::path& file);
[[nodiscard]] std::string national_insurance_example();
[[nodiscard]] record::LiaisonSettings liaison_settings(const NationalInsuranceSettings& settings);

}  // namespace kesher::national_insurance
