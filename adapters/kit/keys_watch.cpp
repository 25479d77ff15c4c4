#include "adapters/kit/keys_watch.h"

#include "adapters/kit/organisation_setup.h"

namespace kesher::kit {

namespace fs = std::filesystem;
using contract::Failure;

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
    if (seen_ && *seen_ == now) return std::nullopt;
    seen_ = std::move(now);
    const auto protection = protection_of(passphrase_file_);
    if (!protection) return Usable<OrganisationKeys>(Failure{protection.error()});
    return OrganisationKeys::open(directory_, *protection);
}

}  // namespace kesher::kit
