// The witness that every adapter is: remembers the last checkpoint, and demands that the next extends it.
//
// A hub that rewrites history, or shows two, is caught here: the adapter keeps both signed notes as
// evidence, says so loudly, and stands still until an operator has looked. What holds is kept on disk
// before it is cosigned (audit-log.md 1.7 and 3.4).
#pragma once

#include <chrono>
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

    // How many that came with receipts are believed before they are proven.
    static constexpr std::size_t kRemembered = 1'024;

    // `witness` cosigns what holds; null where this adapter is no witness.
    CheckpointWatch(Journal& journal, const log::NoteKey& log, const log::NoteSigner* witness,
                    std::size_t remembered = kRemembered)
        : journal_(journal), log_(log), witness_(witness), remembered_(remembered) {}

    // A checkpoint that came with a receipt. Each is remembered, whatever came after it, until step() has
    // proven that it and the history we hold are one; a second one of the same size with another root halts
    // at once. False where the log stands still, or shows more than can be proven: nothing is believed on it
    // then.
    [[nodiscard]] bool observe(const std::string& note);
    // No further one is remembered until a step has proven some.
    [[nodiscard]] bool is_full() const { return observed_.size() >= remembered_; }
    // What is not proven is new: the hub offers one checkpoint for a while, and goes on signing.
    [[nodiscard]] bool is_behind_as_usual() const;
    // Fetches what is new, judges it, keeps it, cosigns it. `halted` also where the journal says so, and
    // where the log does not prove what it showed in a receipt: after twenty answers that prove nothing, of
    // those that only do not reach it one a minute, or a day of others. A hub that is away is not counted.
    [[nodiscard]] Step step(HubClient& hub);

private:
    // One that came with a receipt, or the tree that it was brought to since.
    struct Shown {
        std::string note;
        int answers = 0;                      // of the hub, that prove nothing of it
        std::chrono::milliseconds waited{0};  // while the hub answered something
        // When an answer was last counted that does not reach it.
        std::optional<contract::Instant> counted{};
    };
    [[nodiscard]] Answered<std::string> ask(contract::TreeSize from, HubClient& hub);
    [[nodiscard]] Step take(const std::optional<std::string>& held, const AddCheckpoint& next,
                            HubClient& hub);
    [[nodiscard]] Step advance_held(HubClient& hub);
    [[nodiscard]] Step advance(const Shown& shown, HubClient& hub);
    [[nodiscard]] bool remember(const log::Checkpoint& checkpoint, const Shown& shown);
    // Of two notes of one size; halts where their roots differ.
    [[nodiscard]] bool is_same_tree(const std::string& held, const log::Checkpoint& shown,
                                    const std::string& note);
    [[nodiscard]] Step join_observed(HubClient& hub);
    void count_beyond_newest(contract::Instant now);
    [[nodiscard]] std::chrono::milliseconds since_last_step(contract::Instant now);
    [[nodiscard]] bool is_overdue(std::chrono::milliseconds passed);
    Step halt(Extension why, const std::string& held, const std::string& shown);
    Journal& journal_;
    const log::NoteKey& log_;
    const log::NoteSigner* witness_;
    const std::size_t remembered_;
    std::map<contract::TreeSize, Shown> observed_;  // not yet proven; in memory, as deliveries keep theirs
    std::optional<std::string> said_;               // what was answered last; none where it was a refusal
    bool answered_ = false;                         // anything, in this step
    std::optional<contract::Instant> last_step_;
};

}  // namespace kesher::kit
