#include "adapters/kit/own_profile.h"

#include <algorithm>

#include "schemas/codec/schema.h"

namespace kesher::kit {
namespace {

using contract::Failure;
using statement::Profile;

// Of our own documents the newest that the hub has; none where another key signed it.
std::optional<statement::VerifiedProfile> shown_of_us(const Declarer& declarer, const std::string& shown,
                                                      contract::Instant at) {
    if (shown.empty()) return std::nullopt;
    const statement::KeyList ours{
        declarer.self, declarer.key_serial, {declarer.signer.certificate()}, {}, at};
    auto verified = statement::verify_profile(shown, {declarer.log, ours, at, true});
    if (!verified) return std::nullopt;
    return *std::move(verified);
}

}  // namespace

std::vector<contract::SchemaFingerprint> schemas_read() {
    std::vector<contract::SchemaFingerprint> schemas;
    for (const codec::ReleasedSchema& schema : codec::released_schemas()) {
        if (schema.type) schemas.push_back(schema.fingerprint);
    }
    std::sort(schemas.begin(), schemas.end());
    return schemas;
}

std::optional<std::int64_t> own_key_serial(const OrganisationKeys& keys, contract::Instant at) {
    const auto list = statement::verify_key_list(
        keys.key_list(), keys.root(), {keys.organisation(), keys.root().key().spki_sha256(), 1, at});
    if (!list) return std::nullopt;
    return list->serial;
}

std::optional<std::string> due_profile(const Declarer& declarer,
                                       contract::WordSet<contract::SafetyFlag> honours,
                                       const std::string& shown, contract::Instant at) {
    Profile profile{
        declarer.self, std::string(declarer.log), {declarer.key_serial, 1}, schemas_read(), honours};
    const contract::Day today = contract::day_of(at);
    if (const auto last = shown_of_us(declarer, shown, at)) {
        const bool same_list = last->profile.place.keys == declarer.key_serial;
        const bool says_the_same =
            last->profile.reads == profile.reads && last->profile.honours == profile.honours;
        const bool old = last->declared + statement::kProfileRenewedAfter <= today;
        if (same_list && says_the_same && !old) return std::nullopt;
        if (same_list) profile.place.serial = last->profile.place.serial + 1;
    }
    return statement::sign_profile(profile, declarer.signer, today);
}

Answered<contract::Done> declare_profile(HubClient& hub, const std::string& document) {
    const auto answer = hub.put("PUT", "/v1/profile", "application/jose", document);
    if (!answer) return Failure{answer.error()};
    return contract::Done{};
}

}  // namespace kesher::kit
