#include "adapters/program/one_process.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace kesher::program {

kit::Usable<OneProcess> OneProcess::hold(const std::filesystem::path& directory, For what) {
    const bool adapter = what == For::adapter;
    const std::filesystem::path path = directory / (adapter ? "adapter.lock" : "rotation.lock");
    const auto unusable = [&](const std::string& why) {
        return contract::Failure{kit::Unusable{path.string() + ": " + why}};
    };
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) return unusable("cannot be opened; whoever runs this machine looks at its rights and disk");
    OneProcess held(file);
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return held;
    if (errno == EWOULDBLOCK) {
        return unusable(adapter ? "another kesher-adapter runs for this directory; end that one first"
                                : "another rotation of these keys runs; wait for its end");
    }
    return unusable("cannot be locked; the directory must lie on a disk of this machine");
}

OneProcess::~OneProcess() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace kesher::program
