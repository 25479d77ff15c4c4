// Which native half an adapter has, and the settings that every half shares.
//
// The settings file says it by the table that only one profile has: [department] (adapters/social_services),
// [fhir] (adapters/health), [soap] (adapters/national_insurance) or [events] (adapters/labor). Each profile
// judges the whole file with its own table of settings.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "adapters/kit/native_side.h"
#include "adapters/kit/organisation_keys.h"
#include "adapters/kit/outbox.h"
#include "adapters/kit/own_cases.h"
#include "gateway/telemetry/log.h"

namespace kesher::program {

// What the kit's half of a running adapter offers to its native half; outlives it.
struct KitSide {
    kit::Journal& journal;
    kit::Outbox& outbox;
    const kit::MessageWriter& writer;
    const kit::AliasMaker& aliases;
    const kit::ToldNames& names;
    telemetry::Log& log;
    std::function<const kit::Directory&()> directory;
    std::function<kit::Answered<kit::OpenedCase>(const kit::OpenCase&)> open_case;
};

struct Profile {
    contract::OrganisationId organisation;
    std::filesystem::path keys;
    std::filesystem::path passphrase_file;  // empty where the keys lie plain
    std::filesystem::path journal;
    std::string hub;
    std::chrono::milliseconds poll_wait{};
    // Throws where the native half's own files cannot be used (its text is for the operator).
    std::function<std::unique_ptr<kit::NativeSide>(const KitSide&)> make_side{};
};

// A sentence a fault, each with file, line and what mends it.
[[nodiscard]] kit::Usable<Profile> read_profile(const std::filesystem::path& settings);

}  // namespace kesher::program
