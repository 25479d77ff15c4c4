// A checkpoint (c2sp.org/tlog-checkpoint): origin, size, root, signed as a note by the log's key.
//
// We write no extension lines (some cosignatures would not cover them) and read past those of others.
// A log never signs anything inconsistent with what it ever signed: that is the sequencer's to keep.
#pragma once

#include <string>
#include <string_view>

#include "audit/log/flaw.h"
#include "audit/log/note.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"

namespace kesher::log {

struct Checkpoint {
    std::string origin;  // schema-less URL, the name of the log's key: `<hub>/log`
    contract::TreeSize size{};
    contract::Digest root;
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

[[nodiscard]] std::string body(const Checkpoint& checkpoint);  // three lines, each with its LF
[[nodiscard]] Result<Checkpoint> parse_body(std::string_view text);

// The whole signed note. The signer's name must be the origin (std::invalid_argument else).
[[nodiscard]] std::string sign(const Checkpoint& checkpoint, const NoteSigner& log);

struct OpenedCheckpoint {
    Checkpoint checkpoint;
    Note note;  // with every line it came with
};
// Signed by the log: origin_differs, signature_missing, signature_wrong or malformed else.
[[nodiscard]] Result<OpenedCheckpoint> open_checkpoint(std::string_view note, const NoteKey& log);

}  // namespace kesher::log
