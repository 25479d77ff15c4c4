// A wrong command line is told by exit code 2, before anything is opened or asked; what does not hold by 1.
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include <cstdlib>

namespace {

int run(const std::string& program, const std::string& arguments) {
    const std::string command =
        std::string(KESHER_BINARY_DIR "/bin/") + program + " " + arguments + " >/dev/null 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
int ctl(const std::string& arguments) { return run("kesherctl", arguments); }
int adapter(const std::string& arguments) { return run("kesher-adapter", arguments); }

}  // namespace

TEST_CASE("Help holds and a command without its parts is a wrong command line") {
    CHECK(ctl("--help") == 0);
    CHECK(ctl("") == 2);
    CHECK(ctl("--dir /nowhere") == 2);
    CHECK(ctl("--dir /nowhere case") == 2);
    CHECK(adapter("--help") == 0);
    CHECK(adapter("--dir /nowhere agreement") == 2);
}

TEST_CASE("A word that is not published is a wrong command line") {
    CHECK(ctl("--dir /nowhere org add ssd-5000 --kind MINISTRY --token-file /nowhere/t") == 2);
    CHECK(ctl("--dir /nowhere org add SSD --token-file /nowhere/t") == 2);
    CHECK(ctl("--dir /nowhere --role WIZARD case open") == 2);
}

TEST_CASE("Every command of the contract is there and asks for what it needs") {
    for (const char* command :
         {"board", "agenda", "access", "doctor --help", "log recover --help", "log checkpoint"}) {
        CAPTURE(command);
        CHECK(ctl(std::string("--dir /nowhere ") + command) != 2);
    }
    for (const char* command :
         {"org compromise", "org off-board", "user invite W1", "user suspend", "consent show",
          "consent acknowledge", "message draft", "message ask-consent", "case claim-code"}) {
        CAPTURE(command);
        CHECK(ctl(std::string("--dir /nowhere ") + command) == 2);
        CHECK(ctl(std::string(command) + " --help") == 0);
    }
}

TEST_CASE("An officer's number that is an id number is a wrong command line") {
    CHECK(ctl("--dir /nowhere --actor 000000018 --role SOCIAL_WORKER case open") == 2);
}

TEST_CASE("A directory that is not enrolled does not hold") {
    CHECK(ctl("--dir /nowhere case list") == 1);
    CHECK(ctl("--dir /nowhere enrol --token-file /nowhere/t") == 1);
    CHECK(adapter("--dir /nowhere init --token-file /nowhere/t") == 1);
    CHECK(ctl("--dir /nowhere enrol") == 2);
}
