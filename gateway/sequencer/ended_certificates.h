// Which TLS certificates were ended since the last look: their live connections are to be cut.
//
// Nothing said over them counts from the leaf on (every decision asks the registry again); a cut connection
// also stops reading, and tells whoever holds it nothing more.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/sequencer/registry.h"

namespace kesher::sequencer {

class EndedCertificates {
public:
    explicit EndedCertificates(std::shared_ptr<const Registry> first) : last_(std::move(first)) {}

    // Fingerprints in lower-case hex, each once. One that was issued and ended between two looks is not seen.
    [[nodiscard]] std::vector<std::string> since_last_look(std::shared_ptr<const Registry> now);

private:
    std::shared_ptr<const Registry> last_;
};

}  // namespace kesher::sequencer
