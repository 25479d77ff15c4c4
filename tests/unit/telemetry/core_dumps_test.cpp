// A program that dies leaves nothing of its memory behind.
// Method: in a child, because what is forbidden stays forbidden for the rest of a process.
#include "gateway/telemetry/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>

using kesher::telemetry::forbid_core_dumps;

namespace {

// How a child ends that was allowed a core file of any size when it began.
int end_of(void (*child)()) {
    const pid_t pid = fork();
    if (pid == 0) {
        rlimit limit{};
        getrlimit(RLIMIT_CORE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_CORE, &limit);
        child();
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    return status;
}

}  // namespace

TEST_CASE("Once core dumps are forbidden no limit allows one and none can be raised") {
    const int status = end_of([] {
        forbid_core_dumps();
        rlimit limit{.rlim_cur = 1, .rlim_max = 1};
        const bool known = getrlimit(RLIMIT_CORE, &limit) == 0;
        _exit(known && limit.rlim_cur == 0 && limit.rlim_max == 0 ? 7 : 1);
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("A program that is not watched for leaks gives its memory to no other process of its user") {
#if !__has_feature(address_sanitizer)
    const int status = end_of([] {
        forbid_core_dumps();
        _exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 7 : 1);
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
#endif
}

TEST_CASE("A program that dies leaves no core") {
    const int status = end_of([] {
        forbid_core_dumps();
        std::signal(SIGABRT, SIG_DFL);
        std::abort();
    });
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
    CHECK_FALSE(WCOREDUMP(status));
}
