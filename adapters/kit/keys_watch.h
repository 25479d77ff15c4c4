// For a program that runs for long: whether its key directory holds other keys than those in use, because a
// rotation is another program's work (key_rotation.h).
#pragma once

#include <map>
#include <optional>

#include "adapters/kit/organisation_keys.h"

namespace kesher::kit {

class KeysWatch {
public:
    KeysWatch(std::filesystem::path directory, std::filesystem::path passphrase_file)
        : directory_(std::move(directory)), passphrase_file_(std::move(passphrase_file)) {}

    // The keys that are there, opened; nothing where the files are those of the last look. The first look
    // opens in any case: they may have changed between the program's start and here. Where they cannot be
    // opened those in use stay, which is told once for as long as the files are the same, and tried again.
    [[nodiscard]] std::optional<Usable<OrganisationKeys>> look();

private:
    // Name, size and time of every file that keys are opened from.
    using Seen = std::map<std::string, std::pair<std::uintmax_t, std::filesystem::file_time_type>>;
    [[nodiscard]] Seen files() const;
    std::filesystem::path directory_;
    std::filesystem::path passphrase_file_;
    std::optional<Seen> opened_{};
    std::optional<Seen> failed_{};
};

}  // namespace kesher::kit
