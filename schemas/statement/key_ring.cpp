#include "schemas/statement/key_ring.h"

#include <algorithm>

namespace kesher::statement {

KeyRing::KeyRing(contract::OrganisationId organisation, std::vector<Certificate> signing)
    : organisation_(std::move(organisation)), signing_(std::move(signing)) {
    std::erase_if(signing_, [](const Certificate& one) { return one.use() != Use::signing; });
}

const Certificate* KeyRing::find(const contract::Digest& thumbprint, contract::Instant at) const {
    const auto found = std::find_if(signing_.begin(), signing_.end(),
                                    [&](const Certificate& one) { return one.thumbprint() == thumbprint; });
    return found != signing_.end() && found->valid_at(at) ? &*found : nullptr;
}

}  // namespace kesher::statement
