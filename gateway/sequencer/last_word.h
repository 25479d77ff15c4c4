// What the log promised where the database cannot take it back: its last checkpoint in a file on another
// disk, and what each witness signed last. A database that has forgotten either is an older one put back, or
// a standby that had not everything; every receipt since would be a lie, so the hub stands still.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "gateway/sequencer/ledger.h"
#include "gateway/sequencer/registry.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"

namespace kesher::sequencer {

// The log as it was opened still holds what this signed checkpoint says: a size it reaches, and there the
// same root. Throws LogBroken; `where` names the place of the checkpoint in its text.
void require_kept(Ledger& ledger, const log::NoteKey& key, const std::string& note, std::string_view where);

// Each witness's newest stored line holds over the tree as it was opened: who rewrites the log can sign it
// anew, but not in a witness's name. Throws LogBroken.
void require_witnessed(Ledger& ledger, store::Connection& connection, const Registry& registry);

// The signed note in the file; none where there is no such file. Throws std::runtime_error where it cannot
// be read: a file that is there is never passed over.
[[nodiscard]] std::optional<std::string> read_checkpoint_file(const std::filesystem::path& file);

// Writes the newest committed checkpoint to its file, on a thread of its own: a slow disk delays no answer.
// The file is replaced whole, so it is never half of one; it may be some batches behind, never ahead. Between
// two writes it rests: each takes the disk which the commits wait for twice.
class CheckpointFile {
public:
    static constexpr std::chrono::milliseconds kRest{50};

    CheckpointFile(std::filesystem::path file, telemetry::Log& log, telemetry::JobHealth& health);
    ~CheckpointFile();  // the newest is written before it ends
    CheckpointFile(const CheckpointFile&) = delete;
    CheckpointFile& operator=(const CheckpointFile&) = delete;

    void committed(std::string note);

private:
    void work();
    void write(const std::string& note);

    std::filesystem::path file_;
    telemetry::Log& log_;
    telemetry::JobHealth& health_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable ends_;
    std::optional<std::string> newest_;
    bool ending_ = false;
    bool failing_ = false;  // the worker's own: one line of the log a change
    std::thread thread_;
};

}  // namespace kesher::sequencer
