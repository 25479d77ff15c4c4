// The folder that a department's system and its adapter share: files are read whole, or not yet.
//
//   inbox/    the department drops .DAT and .MSV here, written under another name and renamed
//   taken/ refused/   where they go, whole, as <name>.<first 16 hex digits of their SHA-256>
//   out/      ours, put there by rename when they are whole and on disk
//   writing/  ours until then
// Whatever the disk says no to is an answer here, not an exception: it is tried again.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/bytes.h"

namespace kesher::social_services {

class Folder {
public:
    Folder(std::filesystem::path root, std::chrono::milliseconds settle);

    // Makes what is missing; false where that cannot be.
    [[nodiscard]] bool prepare() const;
    // Names of regular files that end in `ending` (empty: all) and have not changed for `settle`, sorted;
    // none that begins with a dot.
    [[nodiscard]] std::vector<std::string> arrived(std::string_view ending) const;
    [[nodiscard]] bool in_inbox(std::string_view name) const;
    // Its bytes; none where it changed while it was read, or went away. At most one byte over `most` is
    // read, so that who judges sizes can tell.
    [[nodiscard]] std::optional<contract::Bytes> read(std::string_view name, std::size_t most) const;
    [[nodiscard]] std::optional<contract::Bytes> read_taken(std::string_view stored, std::size_t most) const;

    enum class Place { taken, refused };
    [[nodiscard]] static std::string stored_name(std::string_view name, const contract::Digest& digest);
    [[nodiscard]] bool put_away(std::string_view name, Place place, const std::string& stored) const;

    // Two steps, so that between them it can be written down that this file is coming.
    [[nodiscard]] bool write(const std::string& name, contract::ByteView bytes) const;  // to writing/
    [[nodiscard]] bool publish(const std::string& name) const;                          // to out/
    [[nodiscard]] bool is_written(const std::string& name) const;                       // and not published
    [[nodiscard]] bool waits_in_out(std::string_view name) const;                       // not collected yet

    // Neither published nor coming any more; both are true where there was nothing.
    [[nodiscard]] bool discard(const std::string& name) const;
    // What a stop or a full disk left of it in writing/; whatever has its name in out/ stays.
    [[nodiscard]] bool discard_unfinished(const std::string& name) const;

    // Deletes files that were put away longer than `keep` ago; how many.
    std::size_t purge(std::chrono::milliseconds keep) const;

private:
    std::filesystem::path root_;
    std::chrono::milliseconds settle_;
};

}  // namespace kesher::social_services
