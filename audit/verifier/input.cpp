#include "audit/verifier/input.h"

#include <fstream>
#include <iterator>

namespace kesher::verifier {

OrUsage<std::string> read_file(const std::string& path, std::size_t most_bytes) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes(most_bytes + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    // A folder opens too, and only reading it fails.
    if (!file.is_open() || file.bad() || (file.fail() && !file.eof())) {
        return contract::Failure{UsageError{"cannot read " + path}};
    }
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > most_bytes) return contract::Failure{UsageError{path + " is too large"}};
    return bytes;
}

OrUsage<log::NoteKey> read_log_key(const std::string& vkey_or_path) {
    auto key = log::NoteKey::parse(vkey_or_path);
    if (!key) {
        auto file = read_file(vkey_or_path, log::kNoteBytes);
        if (!file) return contract::Failure{file.error()};
        if (file->ends_with('\n')) file->pop_back();
        key = log::NoteKey::parse(*file);
    }
    if (!key) return contract::Failure{UsageError{"--log-key: " + std::string(text(key.error()))}};
    if (key->type() != log::NoteKeyType::ed25519) {
        return contract::Failure{UsageError{"--log-key: this is a witness's key, not a log's"}};
    }
    return std::move(*key);
}

}  // namespace kesher::verifier
