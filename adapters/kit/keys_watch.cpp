#include "adapters/kit/keys_watch.h"

#include "adapters/kit/enrolled.h"

namespace kesher::kit {

namespace fs = std::filesystem;

KeysWatch::Seen KeysWatch::files() const {
    Seen seen;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(directory_, failed)) {
        const std::string name = entry.path().filename().string();
        const bool opened_from =
            name == "keys.jws" || name.starts_with("signing") || name.starts_with("encryption");
        if (!opened_from) continue;
        // What goes between the listing and here is seen by the next look.
        std::error_code gone;
        const auto size = entry.file_size(gone);
        const auto time = entry.last_write_time(gone);
        if (!gone) seen.emplace(name, std::pair{size, time});
    }
    return seen;
}

std::optional<Usable<OrganisationKeys>> KeysWatch::look() {
    Seen now = files();
    if (opened_ && *opened_ == now) return std::nullopt;
    auto keys = open_keys_again(directory_, passphrase_file_);
    // Tried at each look: a passphrase file may be gone for a moment. Told once.
    const bool told = failed_ && *failed_ == now;
    (keys ? opened_ : failed_) = std::move(now);
    if (!keys && told) return std::nullopt;
    return keys;
}

}  // namespace kesher::kit
