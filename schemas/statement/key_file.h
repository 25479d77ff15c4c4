// Keys at rest: one file a key, readable by its owner alone, never overwritten.
//
// A private key is PKCS#8 in PEM (RFC 5958), encrypted with a passphrase that lies in another file
// (PBES2 with scrypt N=2^14 and AES-256-CBC: what `openssl pkcs8 -scrypt` writes), or plain where the
// settings say so. A symmetric key is 32 raw bytes. A file that its group or others may touch is refused.
#pragma once

#include <filesystem>
#include <string_view>
#include <variant>

#include "schemas/contract/result.h"
#include "schemas/statement/key.h"
#include "schemas/statement/secret.h"

namespace kesher::statement {

enum class KeyFileFault : std::uint8_t {
    absent,          // no such regular file
    exists,          // writing never replaces a key
    open_to_others,  // mode has bits for group or others
    malformed,       // not exactly one PKCS#8 PEM block, or not 32 bytes, or over 16 KiB
    passphrase_wrong,
    passphrase_missing,  // encrypted, but the settings say plain
    plain_not_allowed,   // plain, but the settings name a passphrase
    kind,                // a key of another algorithm or curve
};
[[nodiscard]] std::string_view word(KeyFileFault fault);

struct Plain {};
// A passphrase, or the explicit word that there is none.
using Protection = std::variant<Secret, Plain>;

// The file's first line without its end; `malformed` where it is shorter than 12 bytes.
[[nodiscard]] contract::Result<Secret, KeyFileFault> read_passphrase(const std::filesystem::path& file);

[[nodiscard]] contract::Result<PrivateKey, KeyFileFault> read_private_key(const std::filesystem::path& file,
                                                                          const Protection& protection);
// Created whole and synced to disk with mode 0600, or not at all.
[[nodiscard]] contract::Result<contract::Done, KeyFileFault> write_private_key(
    const std::filesystem::path& file, const PrivateKey& key, const Protection& protection);

inline constexpr std::size_t kSecretFileBytes = 32;
[[nodiscard]] contract::Result<Secret, KeyFileFault> read_secret_file(const std::filesystem::path& file);
// Draws 32 random bytes.
[[nodiscard]] contract::Result<contract::Done, KeyFileFault> create_secret_file(
    const std::filesystem::path& file);

}  // namespace kesher::statement
