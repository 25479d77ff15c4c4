// The hub's certificate authority: makes TLS certificates, and no other.
//
// What an organisation says is trusted through its own root and the agreement that pins it
// (contract.md 2); a certificate from here only lets a connection in and tells whose it is. So a hub
// that turns bad can cut an organisation off, never speak in its name.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/limits.h"
#include "schemas/contract/result.h"
#include "schemas/statement/certificate.h"
#include "schemas/statement/issue.h"

namespace kesher::keys {

// A lost adapter key is worth a quarter of a year at most; the adapter asks again long before.
inline constexpr auto kClientCertificateLife = std::chrono::days{90};
// The listeners' own; renewed by `kesher-hub --renew-certificate`.
inline constexpr auto kServerCertificateLife = std::chrono::days{397};
inline constexpr auto kAuthorityLife = std::chrono::days{3'652};
// Certificates begin a little before they are made, for a peer whose clock is behind.
inline constexpr auto kCertificateBackdate = contract::limits::kClockAhead;

// From `at` less the backdate, `life` long to the second, never past what bounds it.
[[nodiscard]] statement::Validity validity_from(contract::Instant at, std::chrono::seconds life,
                                                contract::Instant bound = contract::Instant::max());

class CertificateAuthority {
public:
    explicit CertificateAuthority(statement::Issuer issuer) : issuer_(std::move(issuer)) {}

    // From PKCS#10 in PEM. Only its key is taken, and that its sender has the private half: the
    // subject is the organisation the token was for, whatever the request says. clientAuth, 128-bit
    // random serial. Throws std::runtime_error where the authority's own certificate does not hold.
    [[nodiscard]] contract::Result<statement::Certificate, statement::CertificateFault> issue_client(
        std::string_view pkcs10, const contract::OrganisationId& organisation, contract::Instant at) const;

    // For the hub's listeners: DNS names or addresses, at least one. serverAuth.
    [[nodiscard]] statement::Certificate issue_server(const statement::PublicKey& key,
                                                      const std::vector<std::string>& hosts,
                                                      contract::Instant at) const;

    [[nodiscard]] const statement::Certificate& certificate() const { return issuer_.root(); }
    // SHA-256 of its SubjectPublicKeyInfo: what a token file pins.
    [[nodiscard]] const contract::Digest& pin() const { return certificate().key().spki_sha256(); }

private:
    [[nodiscard]] statement::Certificate issue(const statement::PublicKey& key,
                                               const contract::OrganisationId& subject, statement::Use use,
                                               std::chrono::seconds life, contract::Instant at,
                                               const std::vector<std::string>& hosts) const;
    statement::Issuer issuer_;
};

}  // namespace kesher::keys
