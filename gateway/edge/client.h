// Calls one HTTPS server: for adapters (hub, native systems) and kesherctl.
//
// The server's certificate must chain to the given CA alone, never to the machine's store, and name
// the host of the URL. Before an enrolment the CA's certificate is not known yet: then the CA that the server
// sends along must have the pinned key, and nothing else is believed. Each call has one absolute deadline
// from the connection to the answer's last byte (the name look-up is the system's); the answer is bounded.
// Nothing is sent twice: after a fault the caller decides, with the same message id. One caller at a time; a
// client keeps one connection and uses it again while fresh.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/edge/request.h"
#include "gateway/edge/tls_material.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/result.h"

namespace kesher::edge {

struct ClientSettings {
    std::string base_url;  // "https://hub.example:8443" with an optional path; http:// only for loopback
    std::string server_ca_pem{};  // required for https, or instead of it:
    // SHA-256 of the SubjectPublicKeyInfo of the server's CA, as a token file holds it.
    std::optional<contract::Digest> server_ca_pin{};
    std::optional<TlsIdentity> identity{};  // the client certificate, where the server wants one
    std::chrono::milliseconds deadline{30'000};
    std::size_t answer_bytes_max = 16 * 1024 * 1024;
};

struct Call {
    std::string method = "GET";
    std::string path;  // after the base URL's, with its query, already percent-encoded: "/v1/inbox?wait=30"
    std::string content_type{};
    std::string body{};
    std::vector<Header> headers{};
    std::optional<std::chrono::milliseconds> deadline{};  // instead of the settings'
};

struct Answer {
    int status = 0;
    std::string content_type;
    std::vector<Header> headers;
    std::string body;
    // The only value of that name, case-blind.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

struct ClientFault {
    enum class Kind { connect, tls, timeout, framing, too_large };
    Kind kind;
    std::string text;           // for the operator: host and reason, never path or body
    bool nothing_sent = false;  // there was no connection: the server cannot know of the call
};
[[nodiscard]] std::string_view text(ClientFault::Kind kind);

class Client {
public:
    // Throws std::invalid_argument for a URL that is not as said above, std::runtime_error for TLS
    // material that does not fit together.
    explicit Client(ClientSettings settings);
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    [[nodiscard]] contract::Result<Answer, ClientFault> send(const Call& call);

    // Ends a call under way from another thread (the program is stopping); it answers `connect`.
    void abort();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kesher::edge
