#include "gateway/sequencer/last_word.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "audit/log/note.h"
#include "gateway/store/log_repository.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

constexpr std::string_view kWayOut =
    " Nothing was changed. An older database was put back, or a standby took over that had not everything: "
    "bring back the newest one, receipts were given that this one does not know. If it is lost for good, "
    "`kesherctl log recover` compares what is left and says how a successor log is opened.";

[[noreturn]] void forgotten(std::string what) { throw LogBroken(what.append(kWayOut)); }

std::string in_words(TreeSize size) { return std::to_string(number(size)) + " entries"; }

// A file's descriptor, closed at the end of its use.
class Descriptor {
public:
    Descriptor(const std::filesystem::path& path, int flags) : fd_(::open(path.c_str(), flags, 0600)) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    // All of the file, whatever stood there.
    [[nodiscard]] bool write(std::string_view text) const {
        return fd_ >= 0 && ::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
               ::ftruncate(fd_, static_cast<off_t>(text.size())) == 0 && sync();
    }
    [[nodiscard]] bool sync() const { return fd_ >= 0 && ::fsync(fd_) == 0; }

private:
    int fd_;
};

// The two change places, so that no file is made or deleted: that costs the disk which the commits wait for
// several times the write itself. The first time, or where a file system cannot, the new one replaces the
// old.
bool change_places(const std::filesystem::path& fresh, const std::filesystem::path& file) {
    return ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, file.c_str(), RENAME_EXCHANGE) == 0 ||
           ::rename(fresh.c_str(), file.c_str()) == 0;
}

// First beside it, then in its place: who reads finds the old one whole or the new one whole.
bool replace(const std::filesystem::path& file, const std::string& text) {
    const std::filesystem::path folder = file.parent_path();
    std::error_code fault;
    std::filesystem::create_directories(folder, fault);
    const std::filesystem::path fresh = file.string() + ".new";
    return Descriptor(fresh, O_WRONLY | O_CREAT | O_CLOEXEC).write(text) && change_places(fresh, file) &&
           Descriptor(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync();
}

}  // namespace

void require_kept(Ledger& ledger, const log::NoteKey& key, const std::string& note, std::string_view where) {
    const std::string place(where);
    const auto opened = log::open_checkpoint(note, key);
    if (!opened) {
        throw LogBroken("The checkpoint in " + place +
                        " is not this log's: " + std::string(log::text(opened.error())) +
                        ". Put the right file back; if it was spoilt, move it away after `kesher-verify log` "
                        "has found the log whole.");
    }
    const log::Checkpoint& kept = opened->checkpoint;
    if (kept.size > ledger.size()) {
        forgotten("The database holds " + in_words(ledger.size()) + ", but a checkpoint of " +
                  in_words(kept.size) + " was signed and stands in " + place + ".");
    }
    if (number(kept.size) > 0 && ledger.root_at(kept.size) != kept.root) {
        forgotten("The first " + in_words(kept.size) +
                  " of the database are not those that were signed: " + place + " holds another root.");
    }
}

void require_witnessed(Ledger& ledger, store::Connection& connection, const Registry& registry) {
    for (const auto& [id, organisation] : registry.organisations()) {
        if (!organisation.row.witness) continue;
        const auto key = log::NoteKey::parse(*organisation.row.witness);
        if (!key) continue;
        const auto last = store::last_cosignature_of(connection, key->name());
        if (!last) continue;
        const auto line = log::parse_signature_line(last->line);
        const log::Checkpoint now{ledger.origin(), last->size, ledger.root_at(last->size)};
        if (line && !key->wrote(*line)) continue;  // of the key it had before it enrolled again
        if (!line || !key->holds(*line, log::body(now))) {
            forgotten("The first " + in_words(last->size) + " of the database are not those that " +
                      id.text() + " signed as a witness.");
        }
    }
}

std::optional<std::string> read_checkpoint_file(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return std::nullopt;
    std::ifstream in(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (in.bad() || !in.is_open()) {
        throw std::runtime_error("The checkpoint file " + file.string() +
                                 " cannot be read. Mend its rights.");
    }
    return text;
}

CheckpointFile::CheckpointFile(std::filesystem::path file, telemetry::Log& log, telemetry::JobHealth& health)
    : file_(std::move(file)), log_(log), health_(health), thread_([this] { work(); }) {}

CheckpointFile::~CheckpointFile() {
    {
        const std::scoped_lock hold(mutex_);
        ending_ = true;
    }
    filled_.notify_all();
    ends_.notify_all();
    thread_.join();
}

void CheckpointFile::committed(std::string note) {
    {
        const std::scoped_lock hold(mutex_);
        newest_ = std::move(note);
    }
    filled_.notify_one();
}

void CheckpointFile::work() {
    std::unique_lock hold(mutex_);
    for (;;) {
        filled_.wait(hold, [this] { return ending_ || newest_; });
        if (!newest_) return;
        const std::string note = *std::exchange(newest_, std::nullopt);
        hold.unlock();
        write(note);
        hold.lock();
        ends_.wait_for(hold, kRest, [this] { return ending_; });
    }
}

void CheckpointFile::write(const std::string& note) {
    const bool written = replace(file_, note);
    written ? health_.succeeded() : health_.failed();
    if (written != failing_) return;
    failing_ = !written;
    log_.write(written ? telemetry::Level::info : telemetry::Level::error, "checkpoint_file",
               {{"written", written}});
}

}  // namespace kesher::sequencer
