// What the referrer, she, or the hub say of a referral that a body was given, and where it leads
// (domain.md 3). Pure.
#pragma once

#include <optional>

#include "adapters/record/standing.h"
#include "schemas/contract/ids.h"

namespace kesher::record {

// Where an event leads that is not the receiving body's own; none for its own, and where no step leads there.
[[nodiscard]] std::optional<Standing> told(const Standing& before, contract::ReferralEvent event);

// Withdraw, cancel, expire, mark_error.
[[nodiscard]] bool is_end(contract::ReferralEvent event);
// The same of the state that such an event leads to; the receiving body's own ends are others.
[[nodiscard]] bool is_end_of_exchange(contract::ReferralState state);
// Which event it was; `withdraw` for a state that none of them leads to.
[[nodiscard]] contract::ReferralEvent event_of_end(contract::ReferralState end);

// What halts it, and all that the hub itself says: nobody says it again, and declined it would never be done.
[[nodiscard]] bool is_binding(const contract::OrganisationId& from, contract::ReferralEvent event);

}  // namespace kesher::record
