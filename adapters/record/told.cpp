#include "adapters/record/told.h"

namespace kesher::record {

using contract::ReferralEvent;
using contract::ReferralState;

std::optional<Standing> told(const Standing& before, ReferralEvent event) {
    switch (event) {
        case ReferralEvent::withdraw:
        case ReferralEvent::cancel:
        case ReferralEvent::expire:
        case ReferralEvent::mark_error:
        case ReferralEvent::freeze:
        case ReferralEvent::unfreeze:
            return after(before, event);
        case ReferralEvent::schedule:
        case ReferralEvent::hold:
        case ReferralEvent::resume: {
            Standing then = before;  // she acts, and a freeze is over it whatever she does
            then.frozen = false;
            if (!may(then, event)) return std::nullopt;
            then = after(then, event);
            then.frozen = before.frozen;
            return then;
        }
        default:
            return std::nullopt;
    }
}

bool is_end(ReferralEvent event) {
    return event == ReferralEvent::withdraw || event == ReferralEvent::cancel ||
           event == ReferralEvent::expire || event == ReferralEvent::mark_error;
}

bool is_end_of_exchange(ReferralState state) {
    return state == ReferralState::withdrawn || state == ReferralState::cancelled ||
           state == ReferralState::expired || state == ReferralState::erroneous;
}

ReferralEvent event_of_end(ReferralState end) {
    switch (end) {
        case ReferralState::cancelled:
            return ReferralEvent::cancel;
        case ReferralState::expired:
            return ReferralEvent::expire;
        case ReferralState::erroneous:
            return ReferralEvent::mark_error;
        default:
            return ReferralEvent::withdraw;
    }
}

bool is_binding(const contract::OrganisationId& from, ReferralEvent event) {
    return event == ReferralEvent::freeze || event == ReferralEvent::unfreeze ||
           event == ReferralEvent::hold || from == contract::OrganisationId::hub();
}

}  // namespace kesher::record
