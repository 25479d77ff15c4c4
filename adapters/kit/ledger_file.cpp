#include "adapters/kit/ledger_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace kesher::kit {
namespace {

LedgerWords split(std::string_view line) {
    LedgerWords words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(' '), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

}  // namespace

void damaged(std::string_view name) { throw LedgerBroken(std::string(name) + " is damaged"); }

void LedgerFile::broken(std::string_view what) const {
    throw LedgerBroken(name_ + ": " + std::string(what) + ": " + std::strerror(errno));
}

LedgerFile::LedgerFile(const std::filesystem::path& file, std::string name) : name_(std::move(name)) {
    file_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file_ < 0) broken("open");
    try {
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) broken("it is in use");
    } catch (const LedgerBroken&) {
        ::close(file_);
        throw;
    }
}

LedgerFile::~LedgerFile() { ::close(file_); }

void LedgerFile::load(const std::function<void(std::string_view)>& apply) {
    std::string content;
    std::array<char, 1 << 16> part{};
    for (;;) {
        const ssize_t got = ::read(file_, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) broken("read");
        if (got == 0) break;
        content.append(part.data(), static_cast<std::size_t>(got));
    }
    const std::size_t last = content.rfind('\n');
    const std::size_t whole = last == std::string::npos ? 0 : last + 1;
    if (whole < content.size() && ::ftruncate(file_, static_cast<off_t>(whole)) != 0) broken("truncate");
    for (std::string_view rest = std::string_view(content).substr(0, whole); !rest.empty();) {
        const std::size_t end = rest.find('\n');
        apply(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
}

void LedgerFile::append(std::string_view line) {
    const std::string whole = std::string(line) + '\n';
    for (std::string_view rest = whole; !rest.empty();) {
        const ssize_t put = ::write(file_, rest.data(), rest.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) broken("write");
        rest.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fdatasync(file_) != 0) broken("sync");
}

LedgerWords LedgerFile::words_of(std::string_view line, std::span<const Kind> kinds) const {
    LedgerWords words = split(line);
    const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const Kind& kind) {
        return !words.empty() && kind.first == words[0] && kind.second == words.size();
    });
    if (!known) damaged(name_);
    return words;
}

}  // namespace kesher::kit
