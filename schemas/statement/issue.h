// A small certificate authority: what an organisation's root, and the hub's CA for TLS, issue.
//
// Profile RFC 5280 version 3: 128-bit random serial, ecdsa-with-SHA256, key identifiers, one use each
// (schemas/statement/certificate.h). Times are cut to whole seconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/statement/certificate.h"

namespace kesher::statement {

struct Validity {
    contract::Instant from;
    contract::Instant until;  // the last second, inclusive
};

// Subject and issuer `<organisation> root`. The key must be P-256.
[[nodiscard]] Certificate issue_root(const PrivateKey& key, const contract::OrganisationId& organisation,
                                     Validity validity);

// The root as issuer: a key and its own certificate. make() gives nullopt where they do not belong together.
class Issuer {
public:
    [[nodiscard]] static std::optional<Issuer> make(PrivateKey key, Certificate root);
    [[nodiscard]] const Certificate& root() const { return root_; }
    [[nodiscard]] const PrivateKey& key() const { return key_; }

    // `use` is any but root. `hosts` (DNS names or IP addresses) belong to tls_server alone and there is
    // at least one for it. Misuse throws std::logic_error.
    [[nodiscard]] Certificate issue(const PublicKey& subject_key, const contract::OrganisationId& subject,
                                    Use use, Validity validity,
                                    const std::vector<std::string>& hosts = {}) const;

private:
    Issuer(PrivateKey key, Certificate root) : key_(std::move(key)), root_(std::move(root)) {}
    PrivateKey key_;
    Certificate root_;
};

// PKCS#10 (RFC 2986): the enrolment's `tls`. Subject CommonName = organisation.
[[nodiscard]] std::string make_request(const PrivateKey& key, const contract::OrganisationId& organisation);

struct CertificateRequest {
    PublicKey key;
    contract::OrganisationId organisation;
};
// `malformed` also where its signature does not hold; asked-for extensions are ignored, the issuer decides.
[[nodiscard]] contract::Result<CertificateRequest, CertificateFault> read_request(std::string_view pem);

}  // namespace kesher::statement
