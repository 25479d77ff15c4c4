// An order that is signed with its moment, for this room's sources alone: a hub whose clock is another is
// asked once more by its own. Who has to suspend somebody now shall not have to mend a clock first.
#pragma once

#include "adapters/kit/hub_client.h"

namespace kesher::kit {

// `ask` signs and sends the order as of an instant.
template <class Ask>
[[nodiscard]] auto asked_by_hub_clock(HubClient& hub, const Ask& ask) {
    auto answer = ask(hub.now());
    const bool other_clock = !answer && answer.error().code == contract::Code::clock_skew;
    return other_clock ? ask(hub.now()) : answer;
}

}  // namespace kesher::kit
