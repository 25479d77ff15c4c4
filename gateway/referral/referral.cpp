#include "gateway/referral/referral.h"

namespace kesher::referral {

contract::ReferralState shown_state(const Referral& referral) {
    const bool shows_freeze = referral.frozen && !contract::is_terminal(referral.state);
    return shows_freeze ? contract::ReferralState::on_hold : referral.state;
}

std::optional<By> party(const Referral& referral, const contract::OrganisationId& caller, bool subject_acts) {
    if (caller == referral.referrer) return subject_acts ? By::sub : By::ref;
    if (caller == referral.recipient && !subject_acts) return By::rec;
    return std::nullopt;
}

}  // namespace kesher::referral
