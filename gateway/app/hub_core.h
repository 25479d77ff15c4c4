// The hub without its listeners: keys, store, sequencer. The first start needs no more than this.
#pragma once

#include <memory>

#include "config/settings.h"
#include "gateway/http/hub_rooms.h"

namespace kesher::app {

class HubCore {
public:
    // Throws std::runtime_error with a sentence for the operator.
    explicit HubCore(const config::Settings& settings);
    ~HubCore();

    [[nodiscard]] const http::HubRooms& rooms() const;
    [[nodiscard]] const keys::KeyDirectory& keys() const;
    [[nodiscard]] telemetry::Log& log() const;
    [[nodiscard]] telemetry::Metrics& metrics() const;

    // The leaf `start`: which program and settings decide from here on.
    void announce_start();
    // Refusals of minutes that are over get their counting leaves; `all` when the hub ends. False where they
    // could not be stored now: nothing is lost, the next call has them again.
    [[nodiscard]] bool log_counted_refusals(bool all);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kesher::app
