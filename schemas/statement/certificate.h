// X.509 certificates, read strictly: one certificate, DER as it must be, a P-256 key, ecdsa-with-SHA256.
//
// One certificate has one use, told by its KeyUsage and ExtendedKeyUsage together (RFC 5280 4.2.1):
//   root        CA:TRUE, keyCertSign + cRLSign
//   signing     digitalSignature, no extended use: statements, acknowledgements
//   approver    nonRepudiation, no extended use: a named official's approval of an agreement
//   encryption  keyAgreement, no extended use: sealed parts
//   tls_client  digitalSignature + clientAuth;   tls_server  digitalSignature + serverAuth
// Any other mixture has no use. The subject is one CommonName: the organisation's id, nothing else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/statement/key.h"

struct x509_st;  // X509, for the rooms that may use OpenSSL

namespace kesher::statement {

enum class Use : std::uint8_t { root, signing, approver, encryption, tls_client, tls_server };

enum class CertificateFault : std::uint8_t {
    malformed,  // not exactly one certificate in canonical form, or over 8 KiB
    algorithm,  // key not P-256, or signature not ecdsa-with-SHA256
};

class Certificate {
public:
    [[nodiscard]] static contract::Result<Certificate, CertificateFault> from_pem(std::string_view pem);
    [[nodiscard]] static contract::Result<Certificate, CertificateFault> from_der(contract::ByteView der);

    // x5t#S256: SHA-256 of the DER (RFC 7515 4.1.8).
    [[nodiscard]] const contract::Digest& thumbprint() const;
    [[nodiscard]] const PublicKey& key() const;
    [[nodiscard]] contract::Instant not_before() const;
    [[nodiscard]] contract::Instant not_after() const;  // the last second it holds
    [[nodiscard]] bool valid_at(contract::Instant at) const;
    [[nodiscard]] std::optional<Use> use() const;
    // The CommonName where the subject is exactly one; what the certificate is for is use().
    [[nodiscard]] const std::optional<std::string>& common_name() const;
    [[nodiscard]] bool names(const contract::OrganisationId& organisation) const;

    // Signed by the root's key itself (no intermediate), with no constraint broken. Says nothing about
    // time; use valid_at() on both.
    [[nodiscard]] bool issued_by(const Certificate& root) const;
    [[nodiscard]] bool issued_by(const Certificate& root, contract::Instant at) const;

    [[nodiscard]] const contract::Bytes& der() const;
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] x509_st* native() const;
    friend bool operator==(const Certificate& a, const Certificate& b) {
        return a.thumbprint() == b.thumbprint();
    }

private:
    struct Impl;
    explicit Certificate(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
    std::shared_ptr<const Impl> impl_;
};

}  // namespace kesher::statement
