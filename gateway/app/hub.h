// The hub as one object: opens every room, hands each its needs, starts the listeners, ends in order.
#pragma once

#include <memory>

#include "config/settings.h"

namespace kesher::app {

class Hub {
public:
    // Throws std::runtime_error with a sentence for the operator where anything is not as it must be:
    // server settings, schema, keys that do not fit the data, a log that does not verify, a clock.
    explicit Hub(const config::Settings& settings);
    ~Hub();  // listeners first, then the sequencer
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    // One line a listener: name, address and port really bound.
    [[nodiscard]] std::string addresses() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kesher::app
