// The catalogue's files as bytes: those this program was built with, or those of a folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "config/catalogue/catalogue.h"
#include "config/settings_fault.h"
#include "schemas/contract/result.h"

namespace kesher::catalogue {

// By path inside the catalogue: "services.toml", "notices/referral/v1.he.txt". Only .toml and .txt.
using Files = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kCatalogueFiles = 1'000;  // a folder with more is not a catalogue

[[nodiscard]] const Files& built_in_files();
[[nodiscard]] contract::Result<Files, config::SettingsFaults> read_files(const std::filesystem::path& folder);
// The catalogue that these files are; for a program that must say which bytes it goes by.
[[nodiscard]] contract::Result<Catalogue, config::SettingsFaults> catalogue_of(const Files& files);

}  // namespace kesher::catalogue
