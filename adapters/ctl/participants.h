// What the hub's answers about bodies and officers mean to whoever asked: an operator who confirms a root, a
// manager who suspends somebody, a body that looks whose keys it may believe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/ctl/report.h"
#include "adapters/kit/directory.h"

namespace kesher::ctl {

// Whether this body's keys are believed here, for `org list`: `believed`, `ourselves`, `no agreement` (none
// of ours is with it, so nobody vouches for its keys), or as a code why keys that an agreement of ours pins
// are not believed. The last alone is a fault.
[[nodiscard]] std::string keys_word(const kit::Member& member, const contract::OrganisationId& self,
                                    const kit::Pins& pins);

// Of GET /v1/organisations: whether this body has enrolled, and so has a root that could be confirmed. None
// where the answer does not say.
[[nodiscard]] std::optional<bool> has_enrolled(std::string_view organisations,
                                               const contract::OrganisationId& body);

// Why the hub did not confirm the root that the operator typed. The published sentence about this code speaks
// of payloads; here it is the guard against a token that somebody else used, and must not be taken for a
// slip.
[[nodiscard]] Refusal other_root(const contract::OrganisationId& body, std::optional<bool> enrolled,
                                 std::optional<kit::Receipted> receipt);

// What the hub answered to an officer's entry. An officer whom the hub did not know can be suspended ahead of
// any entry; a number that was typed wrong looks the same, and leaves the right officer active.
[[nodiscard]] Report officer_report(const contract::OfficerId& officer, bool suspended,
                                    const json::Value& answer);

}  // namespace kesher::ctl
