// Certificate authorities and certificates for one test run; nothing of them outlives it.
#pragma once

#include <memory>
#include <string>

#include "schemas/contract/bytes.h"

namespace kesher::tests {

struct Issued {
    std::string certificate_pem;
    std::string key_pem;
};

struct Wanted {
    std::string common_name;
    std::string subject_alternative_name{};  // "DNS:localhost,IP:127.0.0.1"; none for clients
    int valid_from_days = -1;
    int valid_to_days = 1;
};

class Authority {
public:
    explicit Authority(const std::string& common_name);
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    [[nodiscard]] Issued issue(const Wanted& wanted);
    [[nodiscard]] const std::string& certificate_pem() const;
    [[nodiscard]] contract::Digest key_pin() const;  // SHA-256 of its SubjectPublicKeyInfo
    // The current revocation list, with the certificate on it where one is given.
    [[nodiscard]] std::string revocation_list(const std::string& revoked_certificate_pem = {});

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// The key as PKCS#8 under a passphrase.
[[nodiscard]] std::string encrypted_key(const std::string& key_pem, const std::string& passphrase);

}  // namespace kesher::tests
