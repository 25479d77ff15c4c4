// What a command line names: files, bounded in size, and keys.
#pragma once

#include <cstddef>
#include <string>

#include "audit/log/note.h"
#include "audit/verifier/finding.h"

namespace kesher::verifier {

[[nodiscard]] OrUsage<std::string> read_file(const std::string& path, std::size_t most_bytes);

// A vkey (`name+id+key`), or a file that holds one on its only line.
[[nodiscard]] OrUsage<log::NoteKey> read_log_key(const std::string& vkey_or_path);

}  // namespace kesher::verifier
