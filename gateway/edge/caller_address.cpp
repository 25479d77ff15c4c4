#include "gateway/edge/caller_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace kesher::edge {
namespace {

constexpr std::ptrdiff_t kNetworkBytes = 8;

}  // namespace

std::string caller_of_address(const std::string& address) {
    in6_addr bits{};
    const std::string plain = address.substr(0, address.find('%'));
    if (::inet_pton(AF_INET6, plain.c_str(), &bits) != 1 || IN6_IS_ADDR_V4MAPPED(&bits)) return address;
    std::fill(std::begin(bits.s6_addr) + kNetworkBytes, std::end(bits.s6_addr), std::uint8_t{0});
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, &bits, text.data(), text.size());
    return std::string(text.data()) + "/64";
}

}  // namespace kesher::edge
