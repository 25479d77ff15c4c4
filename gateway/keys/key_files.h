// The hub's key directory: one file a key, one purpose a file, apart from the database.
//
//   lookup.key   K_lookup, 32 bytes: finds cases. Never rotated: its loss orphans every pseudonym
//   store.key    K_store number 1; store-2.key ... store-255.key after rotations (sealed_store.h)
//   claim.key    K_claim, 32 bytes: stored form of claim codes. A new one kills every code
//   log.key      Ed25519, PKCS#8: signs checkpoints        log.pub     its 32 bytes, base64
//   signing.key  P-256, PKCS#8: signs what the hub says    signing.pem its own certificate, pinned at
//   enrolment ca.key       P-256, PKCS#8: issues TLS certificates    ca.pem tls.key      P-256, PKCS#8: the
//   hub's listeners        tls.pem     issued by ca.pem
//
// A symmetric key's file is one line, "kesher.key.v1 <purpose> <base64url of 32 bytes>", so that a
// file under a wrong name is refused instead of orphaning the data. The directory must not lie where
// the database's files or their backup lie: a dump together with the keys joins everything
// (deployment/runbook.md lists purpose, rotation and backup of each). Nobody but the hub's account may
// read it: directory 0700, files 0600, both checked at every start.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/keys/sealed_store.h"
#include "gateway/keys/secret.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"

namespace kesher::keys {

// Why a directory cannot be used: one sentence for the operator who starts the hub, naming the file
// and what to do, never its content.
struct KeyDirectoryProblem {
    std::string sentence;
};

struct KeyDirectoryPlan {
    std::filesystem::path directory;  // made if missing; refused if anything is in it
    std::string hub_name;             // DNS name of the listeners, subject of its certificates
    std::optional<std::filesystem::path> passphrase_file;  // seals the PKCS#8 files where given
    contract::Instant at;                                  // certificates hold from this day on
};

// Makes every file above, each synced to disk, then the directory. What is there stays untouched.
[[nodiscard]] contract::Result<contract::Done, KeyDirectoryProblem> create_key_directory(
    const KeyDirectoryPlan& plan);

// Adds the next store-N.key; the hub seals with it from its next start on. The new number.
[[nodiscard]] contract::Result<std::uint8_t, KeyDirectoryProblem> rotate_store_key(
    const std::filesystem::path& directory);

}  // namespace kesher::keys
