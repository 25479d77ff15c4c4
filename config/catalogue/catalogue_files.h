// The catalogue's files as bytes: those this program was built with, or those of a folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "config/settings_fault.h"
#include "schemas/contract/result.h"

namespace kesher::catalogue {

// By path inside the catalogue: "services.toml", "notices/referral/v1.he.txt". Only .toml and .txt.
using Files = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kCatalogueFiles = 1'000;  // a folder with more is not a catalogue

[[nodiscard]] const Files& built_in_files();
[[nodiscard]] contract::Result<Files, config::SettingsFaults> read_files(const std::filesystem::path& folder);

}  // namespace kesher::catalogue
