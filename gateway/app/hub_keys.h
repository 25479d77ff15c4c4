// The hub's key directory as the operator handles it: made once, and what has to be made anew while it is
// used.
#pragma once

#include <cstdint>

#include "config/settings.h"

namespace kesher::app {

// All throw std::runtime_error with a sentence for the operator; nothing is half done then.

// Nothing where an earlier try made it: opening it checks it.
void make_keys(const config::Settings& settings);
// The listeners' certificate for 397 days more, with a fresh key under the same CA, for the hosts of the
// settings. The hub shows it from its next start on; nobody has to be told.
void renew_certificate(const config::Settings& settings);
// What is sealed from the next start on is sealed under a new K_store; gives its number. The older ones stay:
// what was sealed under them is read by them.
std::uint8_t rotate_store_key(const config::Settings& settings);

}  // namespace kesher::app
