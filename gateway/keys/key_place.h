// Names, modes and sentences that making and reading the key directory share. Of this room alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/keys/key_files.h"
#include "schemas/statement/key_file.h"

namespace kesher::keys {

inline constexpr std::string_view kLookupFile = "lookup.key";
inline constexpr std::string_view kClaimFile = "claim.key";
inline constexpr std::string_view kLogFile = "log.key";
inline constexpr unsigned kLastStoreKey = 255;  // its number is one byte of every sealed value

// store.key for 1, store-N.key after that.
[[nodiscard]] std::string store_file(unsigned number);
// signing.key and signing.pem, ca.key and ca.pem, tls.key and tls.pem
[[nodiscard]] std::string key_file(std::string_view name);
[[nodiscard]] std::string certificate_file(std::string_view name);

[[nodiscard]] contract::Failure<KeyDirectoryProblem> problem(const std::filesystem::path& file,
                                                             std::string_view what);
[[nodiscard]] contract::Failure<KeyDirectoryProblem> problem(const std::filesystem::path& file,
                                                             statement::KeyFileFault fault);

// A file's text of at most 16 KiB; nothing where there is no such file.
[[nodiscard]] std::optional<statement::Secret> read_small_text(const std::filesystem::path& file);
// A directory that its owner alone may enter.
[[nodiscard]] contract::Result<contract::Done, KeyDirectoryProblem> check_directory(
    const std::filesystem::path& directory);
// The passphrase of the file named, which does not lie beside the keys; or Plain where none is named.
[[nodiscard]] contract::Result<statement::Protection, KeyDirectoryProblem> protection_of(
    const KeyDirectoryPlace& place);

}  // namespace kesher::keys
