// The TLS settings of both sides: 1.3 alone, no renegotiation, our own CA alone, strict verification.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <optional>
#include <string>

#include "gateway/edge/request.h"
#include "gateway/edge/server.h"
#include "gateway/edge/tls_material.h"
#include "schemas/contract/bytes.h"

namespace kesher::edge {

// Throws std::runtime_error for material that does not parse or does not fit together.
[[nodiscard]] Poco::Net::Context::Ptr server_context(const ServerTls& tls);

// `host`: the name, or the address in digits, that the server's certificate must carry.
[[nodiscard]] Poco::Net::Context::Ptr client_context(const std::optional<TlsIdentity>& identity,
                                                     const std::string& server_ca_pem,
                                                     const std::string& host);

// The same where only the CA's key is known: the CA is the one certificate of that key among those that the
// server sends along. `pin` (SHA-256 of its SubjectPublicKeyInfo) must outlive the context.
[[nodiscard]] Poco::Net::Context::Ptr pinned_client_context(const std::optional<TlsIdentity>& identity,
                                                            const contract::Digest& pin,
                                                            const std::string& host);

// The certificate that this connection's handshake verified; none where the client showed none.
[[nodiscard]] std::optional<Peer> peer_of(const Poco::Net::StreamSocket& secure_socket);

// A peer that closes while we write is a result, never a signal: SIGPIPE is ignored from here on.
void ignore_broken_pipes();

}  // namespace kesher::edge
