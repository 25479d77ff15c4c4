#include "audit/verifier/log_folder.h"

#include "audit/log/note.h"
#include "audit/verifier/input.h"

namespace kesher::verifier {
namespace {

using contract::Bytes;
using merkle::kTileWidth;

constexpr std::size_t kHashBytes = 32;
// 256 leaves of at most 65,535 bytes, each behind its length (C2SP tlog-tiles).
constexpr std::size_t kBundleBytes = kTileWidth * (2 + 65'535);

}  // namespace

// The size is asked first, so that small files cost small memory; read_file() bounds what is read.
std::optional<std::string> LogFolder::read(const std::string& path, std::size_t most_bytes) const {
    const std::filesystem::path file = folder_ / path;
    std::error_code none;
    const std::uintmax_t size = std::filesystem::file_size(file, none);
    if (none || size > most_bytes) return std::nullopt;
    auto bytes = read_file(file.string(), static_cast<std::size_t>(size));
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

OrUsage<std::string> LogFolder::checkpoint() const {
    return read_file((folder_ / "checkpoint").string(), log::kNoteBytes);
}

std::optional<Bytes> LogFolder::tile(const merkle::Tile& tile) const {
    const std::size_t wanted = tile.width * kHashBytes;
    auto bytes = read(merkle::path(tile), wanted);
    if (!bytes && tile.width < kTileWidth) {
        bytes = read(merkle::path(merkle::Tile{tile.level, tile.n}), merkle::kFullTileBytes);
        if (bytes && bytes->size() == merkle::kFullTileBytes) bytes->resize(wanted);
    }
    if (!bytes || bytes->size() != wanted) return std::nullopt;
    return Bytes(bytes->begin(), bytes->end());
}

std::optional<std::vector<Bytes>> LogFolder::entries(const merkle::EntryBundle& bundle) const {
    unsigned width = bundle.width;
    auto bytes = read(merkle::path(bundle), kBundleBytes);
    if (!bytes && width < kTileWidth) {
        width = kTileWidth;
        bytes = read(merkle::path(merkle::EntryBundle{bundle.n}), kBundleBytes);
    }
    auto leaves = bytes ? merkle::parse_bundle(contract::bytes_of(*bytes), width) : std::nullopt;
    if (leaves) leaves->resize(bundle.width);
    return leaves;
}

}  // namespace kesher::verifier
