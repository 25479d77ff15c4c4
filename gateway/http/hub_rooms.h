// What the handlers are handed: the rooms they pass requests on to. Built once by gateway/app.
#pragma once

#include <chrono>

#include "gateway/http/ordinary_calls.h"
#include "gateway/identity/rooms.h"
#include "gateway/inbox/rooms.h"
#include "gateway/insight/rooms.h"
#include "gateway/insight/witnessing.h"

namespace kesher::http {

struct HubRooms {
    identity::Rooms identity;
    inbox::Rooms inbox;
    insight::Rooms insight;
    sequencer::WitnessedClock& witnessed_clock;
    insight::Witnessing& witnessing;
    OrdinaryCalls& calls;
    std::chrono::milliseconds inbox_wait;  // the longest that an empty inbox keeps a caller

    [[nodiscard]] sequencer::Sequencer& sequencer() const { return identity.sequencer; }
};

}  // namespace kesher::http
