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

struct Claimed {
    contract::OrganisationId organisation;
    Instant not_after;
};

// Whose it says it is and until when it holds, before anything is believed: what it is then verified against.
std::optional<Claimed> claimed(std::string_view jws) {
    const json::Value claims = unverified_claims(jws);
    const json::Value* body = claims.find("org");
    const json::Value* end = claims.find("not_after");
    if (body == nullptr || body->text() == nullptr || end == nullptr || end->integer() == nullptr) {
        return std::nullopt;
    }
    const auto organisation = contract::OrganisationId::parse(*body->text());
    const std::int64_t seconds = *end->integer();
    if (!organisation || seconds < 0 || seconds > statement::kLastSecond) return std::nullopt;
    return Claimed{*organisation, Instant(std::chrono::seconds(seconds))};
}

bool names(const std::vector<Certificate>& list, const Certificate& certificate) {
    return std::find(list.begin(), list.end(), certificate) != list.end();
}

}  // namespace

Usable<KeyList> read_own_key_list(std::string_view jws, const Certificate& root) {
    const auto says = claimed(jws);
    if (!says) return Failure{Unusable{"is no key list"}};
    // Asked as of the last instant at which it could hold: whether it holds today is another question.
    const Instant at = std::min(says->not_after, root.not_after());
    auto list = statement::verify_key_list(jws, root, {says->organisation, root.key().spki_sha256(), 1, at});
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
