#include "config/catalogue/catalogue_files.h"

#include <system_error>

#include "config/toml_document.h"

namespace kesher::catalogue {

using config::SettingsFaults;
using contract::Failure;

namespace {
SettingsFaults one(const std::filesystem::path& folder, std::string what) {
    return {{folder.string(), {}, "", std::move(what), "Give the folder of a catalogue"}};
}
}  // namespace

contract::Result<Files, SettingsFaults> read_files(const std::filesystem::path& folder) {
    std::error_code error;
    Files files;
    std::filesystem::recursive_directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
        const std::filesystem::path& path = entry->path();
        if (path.extension() != ".toml" && path.extension() != ".txt") continue;
        if (files.size() == kCatalogueFiles) return Failure{one(folder, "it holds over 1,000 files")};
        auto bytes = config::read_text_file(path);
        if (!bytes) return Failure{bytes.error()};
        files.emplace(path.lexically_relative(folder).generic_string(), std::move(bytes).value());
    }
    if (error) return Failure{one(folder, "it cannot be read as a folder")};
    return files;
}

}  // namespace kesher::catalogue
