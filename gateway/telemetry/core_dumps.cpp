#include "gateway/telemetry/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

namespace kesher::telemetry {
namespace {

#if __has_feature(address_sanitizer)
constexpr bool kAttachesToItself = true;
#else
constexpr bool kAttachesToItself = false;
#endif

void must(int result) {
    if (result != 0)
        throw std::system_error(errno, std::generic_category(), "core dumps cannot be forbidden");
}

}  // namespace

void forbid_core_dumps() {
    constexpr rlimit kNone{.rlim_cur = 0, .rlim_max = 0};
    must(setrlimit(RLIMIT_CORE, &kNone));
    if (!kAttachesToItself) must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

}  // namespace kesher::telemetry
