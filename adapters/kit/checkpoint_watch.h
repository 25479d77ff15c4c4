// The witness that every adapter is: remembers the last checkpoint, and demands that the next extends it.
//
// A hub that rewrites history, or shows two, is caught here: the adapter keeps both signed notes as
// evidence, says so loudly, and stands still until an operator has looked. What holds is kept on disk
// before it is cosigned (audit-log.md 1.7 and 3.4).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/kit/hub_client.h"
#include "adapters/kit/journal.h"
#include "audit/log/checkpoint.h"
#include "audit/merkle/proof.h"

namespace kesher::kit {

// The body of C2SP add-checkpoint: `old <size>`, proof hashes in base64, an empty line, the signed note.
struct AddCheckpoint {
    contract::TreeSize old{};
    merkle::Hashes proof;
    std::string note;
    friend bool operator==(const AddCheckpoint&, const AddCheckpoint&) = default;
};
// At most 63 hashes; none for another form. What it reads, it spells in one way only.
[[nodiscard]] std::optional<AddCheckpoint> parse_add_checkpoint(std::string_view body);

enum class Extension {
    holds,        // a larger tree that begins with the one we know, or the same one
    unproven,     // not signed by the log, not from our size, or the proof has another form: asked again
    rolled_back,  // the log signed a smaller tree than one we hold
    forked,       // the log signed a tree that does not extend ours
};
[[nodiscard]] std::string_view text(Extension extension);
// Pure. `last` is the note we hold; nothing is held before the first.
[[nodiscard]] Extension judge_extension(const std::optional<std::string>& last, const AddCheckpoint& next,
                                        const log::NoteKey& log);

class CheckpointWatch {
public:
    enum class Step { unchanged, extended, unreachable, unproven, halted };

    // `witness` cosigns what holds; null where this adapter is no witness.
    CheckpointWatch(Journal& journal, const log::NoteKey& log, const log::NoteSigner* witness)
        : journal_(journal), log_(log), witness_(witness) {}

    // A checkpoint that came with a receipt. Each is remembered, whatever came after it, until step() has
    // proven that it and the history we hold are one; a second one of the same size with another root halts
    // at once, and so does a log that does not prove what it showed, asked time and again. False where the
    // log stands still, or shows more than can be proven: nothing is believed on it then.
    [[nodiscard]] bool observe(const std::string& note);
    // Fetches what is new, judges it, keeps it, cosigns it. `halted` also where the journal says so.
    [[nodiscard]] Step step(HubClient& hub);

private:
    [[nodiscard]] Step take(const std::optional<std::string>& held, const AddCheckpoint& next,
                            HubClient& hub);
    [[nodiscard]] Step advance_held(HubClient& hub);
    [[nodiscard]] Step advance(const std::string& observed, HubClient& hub);
    [[nodiscard]] bool remember(const log::Checkpoint& shown, const std::string& note);
    // Of two notes of one size; halts where their roots differ.
    [[nodiscard]] bool is_same_tree(const std::string& held, const log::Checkpoint& shown,
                                    const std::string& note);
    [[nodiscard]] Step join_observed(HubClient& hub);
    Step halt(Extension why, const std::string& held, const std::string& shown);
    Journal& journal_;
    const log::NoteKey& log_;
    const log::NoteSigner* witness_;
    std::map<contract::TreeSize, std::string>
        observed_;              // not yet proven; in memory, as deliveries keep theirs
    int unproven_answers_ = 0;  // in a row, about those
};

}  // namespace kesher::kit
