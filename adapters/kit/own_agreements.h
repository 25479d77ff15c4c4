// What this organisation itself signed about agreements, kept at its own premises: `agreements/` in its key
// directory, one document a file (`<agreement>.<act>.<role>.json`, the body of POST /v1/agreements).
//
// From these, and from nothing that the hub says, follow the pins: whose root we agreed to believe.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "adapters/kit/directory.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/organisation_keys.h"
#include "schemas/statement/agreement_jws.h"

namespace kesher::kit {

struct OwnAct {
    statement::AgreementDocument document;
    statement::VerifiedAgreement verified;  // by our own root
};

// Kept before it is sent. The same document again is no fault; another one under its name is.
[[nodiscard]] Usable<std::filesystem::path> keep_own_act(const std::filesystem::path& directory,
                                                         const OwnAct& act);

// A document that no longer holds (an approver certificate out of date) is left out: it pins nobody. An end
// stays one.
[[nodiscard]] std::vector<OwnAct> own_acts(const std::filesystem::path& directory,
                                           const contract::OrganisationId& self,
                                           const statement::Certificate& own_root, contract::Instant at);

// The other body of each agreement of ours that is not over: not ended by us, its last day not past.
struct PinnedRoot {
    contract::OrganisationId body;
    contract::Digest root;
};
[[nodiscard]] std::vector<PinnedRoot> pinned_roots(const std::vector<OwnAct>& acts,
                                                   const contract::OrganisationId& self, contract::Day today);

// Makes the journal's pins those of our agreements, and no others. True where that changed whose keys may be
// believed: then a directory read before is not good any more.
[[nodiscard]] bool renew_pins(Journal& journal, const std::filesystem::path& directory,
                              const OrganisationKeys& keys, contract::Instant at);

}  // namespace kesher::kit
