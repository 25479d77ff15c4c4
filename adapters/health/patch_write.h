// What the hub tells of a referral that the far side has: as JSON Patch (RFC 6902) on its own resources.
//
// A patch and not the whole resource: what the far side added to its Task stays as it wrote it. Sent with
// If-Match of the version that was read, so that a change between is not overwritten.
#pragma once

#include <optional>
#include <string>

#include "schemas/codec/referral_records.h"

namespace kesher::health {

// withdraw, cancel, expire: Task `cancelled`, ServiceRequest `revoked`. mark_error: `entered-in-error` for
// both. freeze: Task `on-hold`, ServiceRequest `on-hold`. None for events that are the far side's own.
struct Patches {
    std::string task, service_request;
};
[[nodiscard]] std::optional<Patches> patches_of(const codec::ReferralEventPayload& event);

// Consent that ended: `inactive`.
[[nodiscard]] std::string consent_patch();

// `W/"3"` of version 3.
[[nodiscard]] std::string if_match(const std::string& version);

}  // namespace kesher::health
