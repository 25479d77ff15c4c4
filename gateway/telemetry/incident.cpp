#include "gateway/telemetry/incident.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace kesher::telemetry {

contract::IncidentId new_incident() {
    std::array<std::uint8_t, 16> random{};
    // Up to 256 bytes come whole or not at all once the pool is seeded; a signal may still interrupt.
    ssize_t got = -1;
    do {
        got = ::getrandom(random.data(), random.size(), 0);
    } while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(random.size())) {
        throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    return contract::IncidentId::of_random(random);
}

}  // namespace kesher::telemetry
