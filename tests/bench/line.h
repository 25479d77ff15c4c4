// One HTTPS connection of a load driver: as little work as a caller can do, so that the two processor cores
// are the server's. It connects again where the server closed after its hundredth answer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/edge/tls_material.h"

namespace kesher::bench {

// Who calls, and whom it believes; shared by every line of a run.
class Credentials {
public:
    Credentials(const edge::TlsIdentity& identity, const std::string& server_ca_pem);
    ~Credentials();
    Credentials(const Credentials&) = delete;
    Credentials& operator=(const Credentials&) = delete;
    [[nodiscard]] void* context() const { return context_; }

private:
    void* context_;  // SSL_CTX
};

struct Reply {
    int status = 0;
    std::string body;
};

class Line {
public:
    Line(const Credentials& credentials, std::uint16_t port);
    ~Line();
    Line(Line&&) noexcept;
    Line& operator=(Line&&) noexcept;

    // The bytes of a whole request, made before the clock runs.
    [[nodiscard]] static std::string request(std::string_view path, std::string_view content_type,
                                             std::string_view body);
    // Throws std::runtime_error where the server does not answer in full.
    [[nodiscard]] Reply send(std::string_view request);
    void connect();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// GET over plain HTTP from this machine: the metrics page.
[[nodiscard]] std::string read_page(std::uint16_t port, std::string_view path);

}  // namespace kesher::bench
