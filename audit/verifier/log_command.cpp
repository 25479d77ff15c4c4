#include "audit/verifier/log_command.h"

#include <stdexcept>
#include <utility>

#include "audit/log/checkpoint.h"
#include "audit/verifier/input.h"
#include "audit/verifier/log_walk.h"

namespace kesher::verifier {
namespace {

using contract::Failure;
using contract::TreeSize;

std::string entry_text(std::uint64_t index) { return "entry " + std::to_string(index); }

// Whether the stored tiles lead to this root by themselves, whatever the entries say.
bool tiles_lead_to(const contract::Digest& root, TreeSize size, const LogFolder& folder) {
    struct Gone : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    const merkle::TileSource source = [&](const merkle::Tile& tile) {
        auto bytes = folder.tile(tile);
        if (!bytes) throw Gone(merkle::path(tile));  // a TileSource has no other way to say so
        return std::move(*bytes);
    };
    try {
        return !merkle::first_broken_tile(size, source) &&
               merkle::root_at(size, merkle::reader_over(size, source)) == root;
    } catch (const Gone&) {
        return false;
    }
}

// The entries lead to another root than the log signed.
Finding entries_refused(const LogWalk& walk, const log::Checkpoint& signed_, const LogFolder& folder) {
    const bool tiles_right = tiles_lead_to(signed_.root, signed_.size, folder);
    if (tiles_right && walk.other_entry()) {
        return Finding::refused(entry_text(*walk.other_entry()) + " is not the one that was logged")
            .add("entry", *walk.other_entry());
    }
    if (walk.other_entry()) {
        const std::uint64_t index = *walk.other_entry();
        const std::string tile = merkle::path(*walk.other_tile());
        return Finding::refused(entry_text(index) + " is not the one that " + tile +
                                " holds, and neither leads to the signed root")
            .add("entry", index)
            .add("tile", tile);
    }
    return Finding::refused("the entries do not lead to the signed root: the log was rewritten");
}

// The entries are what the log signed, so a tile that differs from them was changed.
std::optional<Finding> tile_refused(const LogWalk& walk) {
    if (!walk.other_tile()) return std::nullopt;
    const std::string tile = merkle::path(*walk.other_tile());
    Finding finding = Finding::refused(tile + " is not what the entries under it hash to");
    finding.add("tile", tile);
    if (walk.other_tile()->level == 0) finding.add("entry", *walk.other_entry());
    return finding;
}

Finding held(const LogWalk& walk, const log::Checkpoint& checkpoint,
             const std::optional<log::Checkpoint>& old) {
    const std::uint64_t size = number(checkpoint.size);
    Finding finding = Finding::holds("all " + std::to_string(size) + " entries of " + checkpoint.origin +
                                     " are what the log signed");
    finding.add("origin", checkpoint.origin).add("size", size);
    finding.add("root", contract::base64(checkpoint.root.view()));
    if (walk.first_at()) finding.add("first", contract::text(*walk.first_at()));
    if (walk.last_at()) finding.add("last", contract::text(*walk.last_at()));
    finding.add("statements", walk.statements());
    if (old) finding.add("grew_from", number(old->size));
    return finding;
}

Finding judge(const LogFolder& folder, const log::Checkpoint& checkpoint,
              const std::optional<log::Checkpoint>& old) {
    if (old && old->size > checkpoint.size) {
        return Finding::refused("the older checkpoint is of " + std::to_string(number(old->size)) +
                                " entries, this one of " + std::to_string(number(checkpoint.size)));
    }
    LogWalk walk(folder, checkpoint.size);
    std::optional<contract::Digest> old_root;
    if (old) {
        walk.read_to(old->size);
        old_root = walk.root();
    }
    walk.read_to(checkpoint.size);
    walk.finish();
    if (walk.missing()) {
        return Finding::refused(*walk.missing() + " is missing or misshapen").add("file", *walk.missing());
    }
    if (walk.root() != checkpoint.root) return entries_refused(walk, checkpoint, folder);
    if (auto refused = tile_refused(walk)) return std::move(*refused);
    if (old && *old_root != old->root) {
        return Finding::refused("the older checkpoint is no beginning of this log: the first " +
                                std::to_string(number(old->size)) + " entries were rewritten");
    }
    if (walk.fault()) {
        return Finding::refused(entry_text(walk.fault()->index) + ": " + walk.fault()->why)
            .add("entry", walk.fault()->index);
    }
    return held(walk, checkpoint, old);
}

}  // namespace

OrUsage<Finding> check_log(const LogQuestion& question) {
    const auto key = read_log_key(question.log_key);
    if (!key) return Failure{key.error()};
    const LogFolder folder(question.folder);
    const auto note = folder.checkpoint();
    if (!note) return Failure{note.error()};
    std::optional<std::string> old_note;
    if (question.old) {
        auto read = read_file(*question.old, log::kNoteBytes);
        if (!read) return Failure{read.error()};
        old_note = std::move(*read);
    }
    const auto opened = log::open_checkpoint(*note, *key);
    if (!opened) return Finding::refused(text(opened.error()));
    std::optional<log::Checkpoint> old;
    if (old_note) {
        auto older = log::open_checkpoint(*old_note, *key);
        if (!older) return Finding::refused("the older checkpoint: " + std::string(text(older.error())));
        old = std::move(older->checkpoint);
    }
    return judge(folder, opened->checkpoint, old);
}

}  // namespace kesher::verifier
