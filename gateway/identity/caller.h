// Who calls: from the certificate that the TLS handshake verified to an organisation of the registry.
//
// Looked up at every request, so a suspension or an ended certificate counts at once, on resumed
// sessions too. Nothing else says who calls: no header, no body.
#pragma once

#include <memory>
#include <optional>

#include "gateway/sequencer/registry.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"

namespace kesher::identity {

struct Caller {
    contract::OrganisationId id;
    contract::Digest certificate;  // SHA-256 of its DER
    std::shared_ptr<const sequencer::Registry> registry;

    [[nodiscard]] const sequencer::Organisation& organisation() const { return *registry->find(id); }
    [[nodiscard]] bool active() const {
        return organisation().row.status == contract::OrganisationStatus::active;
    }
};

// `certificate_unknown`: ours by signature, but of no organisation, or ended. `fingerprint_hex` as edge
// gives it.
[[nodiscard]] contract::Result<Caller, contract::Code> identify(
    std::string_view fingerprint_hex, std::shared_ptr<const sequencer::Registry> registry);

}  // namespace kesher::identity
