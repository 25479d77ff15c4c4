// An enrolled organisation's key directory opened at once: its keys, what enrolment pinned, and the hub.
#pragma once

#include <filesystem>
#include <memory>

#include "adapters/kit/hub_client.h"
#include "adapters/kit/organisation_keys.h"

namespace kesher::kit {

// The keys of a program that is at work, opened again after another one may have rotated them: what cannot be
// read is no end of it. `passphrase_file` empty: they lie plain.
[[nodiscard]] Usable<OrganisationKeys> open_keys_again(const std::filesystem::path& directory,
                                                       const std::filesystem::path& passphrase_file);

struct EnrolledBody {
    OrganisationKeys keys;
    HubPins pins;
    std::unique_ptr<HubClient> hub;  // over mutual TLS, the hub's CA alone trusted
};
// `passphrase_file` opens every private key, that of TLS included; empty where they lie plain. With
// `evidence` every byte that crosses is kept there (evidence_folder.h).
[[nodiscard]] Usable<EnrolledBody> open_enrolled(const std::filesystem::path& directory,
                                                 const std::filesystem::path& passphrase_file,
                                                 const std::filesystem::path& evidence = {});

}  // namespace kesher::kit
