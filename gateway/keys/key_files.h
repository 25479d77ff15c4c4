// The hub's key directory: one file a key, one purpose a file, apart from the database.
//
//   lookup.key   K_lookup, 32 bytes: finds cases. Never rotated: its loss orphans every pseudonym
//   store.key    K_store number 1, 32 bytes; store-2.key ... store-255.key after rotations
//   claim.key    K_claim, 32 bytes: stored form of claim codes. A new one kills every code
//   log.key      Ed25519: signs checkpoints. Another one is another log (audit-log.md 3.4)
//   signing.key  P-256: signs what the hub says    signing.pem  pinned by adapters at enrolment; the root
//                that issued it was thrown away, so that nobody makes a second one
//   ca.key       P-256: issues TLS certificates    ca.pem
//   tls.key      P-256: the hub's listeners        tls.pem      issued by ca.pem
//
// Private keys are PKCS#8, under the passphrase where a file with one is named (key_file.h of
// schemas/statement). The directory must not lie where the database or its backup lies: a dump
// together with the keys joins everything (each has a backup of its own).
// That a symmetric key is the right one, the database tells: check_value() of RowKeys, SealedStore and
// ClaimCodes. Nobody but the hub's account may read: directory 0700, files 0600, checked at every start.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/keys/certificate_authority.h"
#include "gateway/keys/sealed_store.h"
#include "gateway/keys/secret.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/secret.h"

namespace kesher::keys {

// Why a directory cannot be used: one sentence for the operator who starts the hub. It names the file
// and what to do, never what is in it.
struct KeyDirectoryProblem {
    std::string sentence;
};

struct KeyDirectoryPlace {
    std::filesystem::path directory;
    std::optional<std::filesystem::path> passphrase_file;  // not in the directory itself
};

// Makes every file above, each synced to disk, and the directory where it is missing; one in which
// anything lies is refused. `hosts`: DNS names or addresses of the listeners, at least one.
[[nodiscard]] contract::Result<contract::Done, KeyDirectoryProblem> create_key_directory(
    const KeyDirectoryPlace& place, const std::vector<std::string>& hosts, contract::Instant at);

// Adds the next store-N.key; the hub seals with it from its next start on. Gives N.
[[nodiscard]] contract::Result<std::uint8_t, KeyDirectoryProblem> rotate_store_key(
    const KeyDirectoryPlace& place);

// A new tls.key with its tls.pem; listeners take both at their next start. Whoever has a copy of the old key
// can show the old certificate until its last day, and no longer: nothing here revokes one. Cut off between
// the two files the hub does not start ("belongs to another key") until this is called again.
[[nodiscard]] contract::Result<contract::Done, KeyDirectoryProblem> renew_server_certificate(
    const KeyDirectoryPlace& place, const std::vector<std::string>& hosts, contract::Instant at);

// Everything read and checked once, at start. Not bound to the files after that.
class KeyDirectory {
public:
    [[nodiscard]] static contract::Result<KeyDirectory, KeyDirectoryProblem> open(
        const KeyDirectoryPlace& place);
    ~KeyDirectory();
    KeyDirectory(KeyDirectory&&) noexcept;
    KeyDirectory& operator=(KeyDirectory&&) noexcept;

    [[nodiscard]] const LookupKey& lookup_key() const;                      // for RowKeys
    [[nodiscard]] const std::vector<NumberedStoreKey>& store_keys() const;  // for SealedStore
    [[nodiscard]] const ClaimKey& claim_key() const;                        // for ClaimCodes
    // 32 bytes of RFC 8032, for log::NoteSigner::from_seed(); and the public half.
    [[nodiscard]] const statement::Secret& log_seed() const;
    [[nodiscard]] const statement::PublicKey& log_public_key() const;
    [[nodiscard]] const statement::Signer& signer() const;  // what the hub itself says
    [[nodiscard]] const CertificateAuthority& authority() const;
    // For edge::TlsIdentity: the listeners' certificate and the text of tls.key as it lies there,
    // which opens with the passphrase where there is one (null where there is none).
    [[nodiscard]] const statement::Certificate& tls_certificate() const;
    [[nodiscard]] const statement::Secret& tls_key_pem() const;
    [[nodiscard]] const statement::Secret* passphrase() const;

private:
    struct Contents;
    explicit KeyDirectory(std::unique_ptr<Contents> contents);
    std::unique_ptr<Contents> contents_;
};

}  // namespace kesher::keys
