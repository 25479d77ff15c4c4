// What one turn of an adapter's loop did; the sums are the metrics of an adapter.
#pragma once

#include <cstddef>

namespace kesher::kit {

struct Turned {
    std::size_t accepted = 0;
    std::size_t refused = 0;   // by the hub
    std::size_t put_back = 0;  // to be tried again
    // Of those: her withdrawals that the hub refused without a leaf. Anything but 0 is for a person to look
    // at.
    std::size_t withdrawals_unproven = 0;
    std::size_t taken = 0;
    std::size_t held = 0;
    std::size_t declined = 0;  // deliveries refused
    std::size_t surplus = 0;   // data groups dropped
    std::size_t acknowledged = 0;
    std::size_t failed = 0;  // calls of the native side that ended in an exception
    bool hub_reached = false;
    bool halted = false;
    friend bool operator==(const Turned&, const Turned&) = default;
};

}  // namespace kesher::kit
