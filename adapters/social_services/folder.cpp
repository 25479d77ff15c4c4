#include "adapters/social_services/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace kesher::social_services {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] explicit operator bool() const { return number_ >= 0; }

private:
    int number_;
};

struct Look {
    off_t size = 0;
    timespec changed{};
    ino_t inode = 0;
    friend bool operator==(const Look& a, const Look& b) {
        return a.size == b.size && a.inode == b.inode && a.changed.tv_sec == b.changed.tv_sec &&
               a.changed.tv_nsec == b.changed.tv_nsec;
    }
};

std::optional<Look> look_of(const struct stat& about) {
    if (!S_ISREG(about.st_mode)) return std::nullopt;
    return Look{about.st_size, about.st_mtim, about.st_ino};
}

// By name again, so that a file that was replaced meanwhile is seen too.
std::optional<Look> look_at(const fs::path& path) {
    struct stat about{};
    if (::lstat(path.c_str(), &about) != 0) return std::nullopt;
    return look_of(about);
}

std::optional<contract::Bytes> read_all(int file, std::size_t most) {
    contract::Bytes bytes;
    std::array<std::uint8_t, 1 << 16> part{};
    while (bytes.size() <= most) {
        const std::size_t wanted = std::min(part.size(), most + 1 - bytes.size());
        const ssize_t got = ::read(file, part.data(), wanted);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) break;
        bytes.insert(bytes.end(), part.begin(), part.begin() + got);
    }
    return bytes;
}

std::optional<contract::Bytes> read_file(const fs::path& path, std::size_t most) {
    const auto before = look_at(path);
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!before || !file) return std::nullopt;
    auto bytes = read_all(file.number(), most);
    if (!bytes || look_at(path) != before) return std::nullopt;
    return bytes;
}

bool sync_folder(const fs::path& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder && ::fsync(folder.number()) == 0;
}

bool write_all(int file, contract::ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(file, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return ::fsync(file) == 0;
}

bool move_file(const fs::path& from, const fs::path& to) {
    return ::rename(from.c_str(), to.c_str()) == 0 && sync_folder(to.parent_path()) &&
           sync_folder(from.parent_path());
}

// True also where there was none.
bool remove_from(const fs::path& folder, const std::string& name) {
    std::error_code error;
    const bool removed = fs::remove(folder / name, error);
    return !error && (!removed || sync_folder(folder));
}

}  // namespace

Folder::Folder(fs::path root, std::chrono::milliseconds settle) : root_(std::move(root)), settle_(settle) {}

bool Folder::prepare() const {
    for (const char* name : {"inbox", "taken", "refused", "out", "writing"}) {
        std::error_code error;
        fs::create_directories(root_ / name, error);
        if (error) return false;
    }
    return true;
}

std::vector<std::string> Folder::arrived(std::string_view ending) const {
    std::vector<std::string> names;
    const auto now = std::chrono::file_clock::now();
    std::error_code error;
    for (fs::directory_iterator at(root_ / "inbox", error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (!name.ends_with(ending) || name.starts_with('.')) continue;
        std::error_code gone;
        const auto changed = fs::last_write_time(at->path(), gone);
        if (gone || !fs::is_regular_file(at->symlink_status(gone)) || now - changed < settle_) continue;
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool Folder::in_inbox(std::string_view name) const { return look_at(root_ / "inbox" / name).has_value(); }

std::optional<contract::Bytes> Folder::read(std::string_view name, std::size_t most) const {
    return read_file(root_ / "inbox" / name, most);
}

std::optional<contract::Bytes> Folder::read_taken(std::string_view stored, std::size_t most) const {
    return read_file(root_ / "taken" / stored, most);
}

std::string Folder::stored_name(std::string_view name, const contract::Digest& digest) {
    return std::string(name) + '.' + contract::hex(digest.view()).substr(0, 16);
}

bool Folder::put_away(std::string_view name, Place place, const std::string& stored) const {
    const fs::path to = root_ / (place == Place::taken ? "taken" : "refused") / stored;
    // From now on its age counts from here, whatever time the department's system gave it.
    std::error_code error;
    fs::last_write_time(root_ / "inbox" / name, std::chrono::file_clock::now(), error);
    return move_file(root_ / "inbox" / name, to);
}

bool Folder::write(const std::string& name, contract::ByteView bytes) const {
    const fs::path path = root_ / "writing" / name;
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
    return file && write_all(file.number(), bytes) && sync_folder(path.parent_path());
}

bool Folder::publish(const std::string& name) const {
    return move_file(root_ / "writing" / name, root_ / "out" / name);
}

bool Folder::is_written(const std::string& name) const {
    return look_at(root_ / "writing" / name).has_value();
}

bool Folder::waits_in_out(std::string_view name) const { return look_at(root_ / "out" / name).has_value(); }

bool Folder::discard(const std::string& name) const {
    const bool unfinished_gone = discard_unfinished(name);
    return remove_from(root_ / "out", name) && unfinished_gone;
}

bool Folder::discard_unfinished(const std::string& name) const {
    return remove_from(root_ / "writing", name);
}

std::size_t Folder::purge(std::chrono::milliseconds keep) const {
    std::size_t deleted = 0;
    const auto now = std::chrono::file_clock::now();
    for (const char* name : {"taken", "refused"}) {
        std::error_code error;
        for (fs::directory_iterator at(root_ / name, error), end; !error && at != end; at.increment(error)) {
            std::error_code gone;
            const auto changed = fs::last_write_time(at->path(), gone);
            if (!gone && now - changed > keep && fs::remove(at->path(), gone)) ++deleted;
        }
    }
    return deleted;
}

}  // namespace kesher::social_services
