// Whom an address stands for while nobody has shown a certificate: itself, or of IPv6 its /64, which is what
// one customer is given; a thousand addresses of it are one caller.
#pragma once

#include <string>

namespace kesher::edge {

// "192.0.2.7" -> the same; "2001:db8::7" -> "2001:db8::/64"; "::ffff:192.0.2.7" -> the same, as it is IPv4; a
// zone ("fe80::7%eth0") is left away. What is no address of IPv6 stays as it is.
[[nodiscard]] std::string caller_of_address(const std::string& address);

}  // namespace kesher::edge
