#include "adapters/kit/own_key_list.h"

#include <algorithm>

#include "adapters/kit/unverified_jws.h"
#include "schemas/contract/limits.h"

namespace kesher::kit {
namespace {

using contract::Failure;
using contract::Instant;
using statement::Certificate;
using statement::KeyList;

bool names(const std::vector<Certificate>& list, const Certificate& certificate) {
    return std::find(list.begin(), list.end(), certificate) != list.end();
}

}  // namespace

Usable<KeyList> read_own_key_list(std::string_view jws, const Certificate& root) {
    if (unverified_claims(jws).is_null()) return Failure{Unusable{"is no key list"}};
    auto list = statement::verify_past_key_list(jws, root);
    if (!list) {
        return Failure{
            Unusable{"is no key list of this root (" + std::string(contract::text(list.error())) + ")"}};
    }
    return *std::move(list);
}

KeyList next_key_list(const KeyList& current, const FreshCertificates& fresh, Instant at) {
    KeyList next{current.organisation,
                 current.serial + 1,
                 {fresh.signing},
                 {fresh.encryption},
                 fresh.encryption.not_after()};
    for (const Certificate& former : current.signing) {
        if (next.signing.size() == contract::limits::kCertificatesPerUse) break;
        if (at <= former.not_after()) next.signing.push_back(former);
    }
    return next;
}

bool is_over(const Certificate& certificate, const KeyList& list, Instant at) {
    if (names(list.signing, certificate) || names(list.encryption, certificate)) return false;
    const bool sealed_to = certificate.use() == statement::Use::encryption;
    return at > certificate.not_after() + (sealed_to ? kPrivateHalfKept : std::chrono::days{0});
}

}  // namespace kesher::kit
