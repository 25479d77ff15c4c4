#include "adapters/kit/enrolled.h"

#include "adapters/kit/evidence_folder.h"
#include "adapters/kit/organisation_setup.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Failure;

Usable<edge::TlsIdentity> tls_identity(const fs::path& directory, const statement::Protection& protection) {
    auto identity = open_tls_identity(directory);
    const auto* passphrase = std::get_if<statement::Secret>(&protection);
    if (identity && passphrase != nullptr) {
        identity->passphrase = edge::SecretText(std::string(contract::text_of(passphrase->reveal())));
    }
    return identity;
}

}  // namespace

// A file that cannot be read is thrown as the system's error.
Usable<OrganisationKeys> open_keys_again(const fs::path& directory, const fs::path& passphrase_file) {
    try {
        const auto protection = protection_of(passphrase_file);
        if (!protection) return Failure{protection.error()};
        return OrganisationKeys::open(directory, *protection);
    } catch (const std::exception& fault) {
        return Failure{Unusable{directory.string() + ": " + fault.what() +
                                "; whoever rotated the keys gives the files to the user of this program"}};
    }
}

Usable<EnrolledBody> open_enrolled(const fs::path& directory, const fs::path& passphrase_file,
                                   const fs::path& evidence) {
    const auto protection = protection_of(passphrase_file);
    if (!protection) return Failure{protection.error()};
    auto keys = OrganisationKeys::open(directory, *protection);
    if (!keys) return Failure{keys.error()};
    auto pins = open_hub_pins(directory);
    if (!pins) return Failure{pins.error()};
    auto identity = tls_identity(directory, *protection);
    if (!identity) return Failure{identity.error()};
    edge::ClientSettings settings{.base_url = pins->url, .server_ca_pem = pins->ca_pem};
    settings.identity = *std::move(identity);
    auto transport = make_transport(std::move(settings));
    if (!evidence.empty()) {
        transport = keep_evidence(std::move(transport),
                                  {evidence, keys->organisation(), keys->signer().certificate().pem(),
                                   pins->signing.pem(), directory});
    }
    auto hub =
        std::make_unique<HubClient>(std::move(transport), HubClientSettings{keys->organisation(), pins->log});
    return EnrolledBody{*std::move(keys), *std::move(pins), std::move(hub)};
}

}  // namespace kesher::kit
