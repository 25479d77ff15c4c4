#include "gateway/identity/caller.h"

namespace kesher::identity {

using namespace contract;

Result<Caller, Code> identify(std::string_view fingerprint_hex,
                              std::shared_ptr<const sequencer::Registry> registry) {
    const auto bytes = from_hex(fingerprint_hex);
    const auto fingerprint = bytes ? Digest::from(*bytes) : std::nullopt;
    if (!fingerprint || !registry) return Failure{Code::certificate_unknown};
    const auto owner = registry->owner_of(*fingerprint);
    if (!owner || registry->find(*owner) == nullptr ||
        registry->find(*owner)->row.status == OrganisationStatus::left) {
        return Failure{Code::certificate_unknown};
    }
    return Caller{*owner, *fingerprint, std::move(registry)};
}

}  // namespace kesher::identity
