// What an adapter declares of itself, and when it is due (contract.md 1): at its start before anything is
// sent, again where the directory shows something else, where the key list is another, and monthly.
#pragma once

#include <optional>
#include <string>

#include "adapters/kit/directory.h"
#include "adapters/kit/hub_client.h"
#include "adapters/kit/organisation_keys.h"

namespace kesher::kit {

// The flags are the native side's; what is read is what this program was built with.
[[nodiscard]] std::vector<contract::SchemaFingerprint> schemas_read();

// Serial of our own key list; nothing where keys.jws has run out or is not our root's.
[[nodiscard]] std::optional<std::int64_t> own_key_serial(const OrganisationKeys& keys, contract::Instant at);

struct Declarer {
    const contract::OrganisationId& self;
    const statement::Signer& signer;
    std::int64_t key_serial;
    std::string_view log;
};
// The document to declare; nothing where the one shown says the same under the same key list and is not old.
// `shown` is what the directory holds of us: a forged one counts for nothing, the next number follows ours.
[[nodiscard]] std::optional<std::string> due_profile(const Declarer& declarer,
                                                     contract::WordSet<contract::SafetyFlag> honours,
                                                     const std::string& shown, contract::Instant at);

// PUT /v1/profile.
[[nodiscard]] Answered<contract::Done> declare_profile(HubClient& hub, const std::string& document);

}  // namespace kesher::kit
