#include "tests/systems/node_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace kesher::tests {
namespace {

using namespace std::chrono_literals;

const std::string kSystems = KESHER_SOURCE_DIR "/tests/systems/";
constexpr auto kStart = 60s;  // it reads definitions first, on a machine that may be busy
constexpr auto kEnd = 5s;

void must(int result, const char* what) {
    if (result != 0) throw std::runtime_error(std::string("far side: ") + what);
}

}  // namespace

NodeProgram::NodeProgram(const std::string& folder, const std::string& script,
                         std::vector<std::string> arguments) {
    start(kSystems + folder + '/', script, std::move(arguments));
    const std::string line = first_line();
    constexpr std::string_view kPort = "port ";
    if (!line.starts_with(kPort)) {
        throw std::runtime_error("far side: did not start; npm ci in tests/systems/" + folder + '?');
    }
    url_ = "http://127.0.0.1:" + line.substr(kPort.size());
}

void NodeProgram::start(const std::string& folder, const std::string& script,
                        std::vector<std::string> arguments) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    must(pipe2(in.data(), O_CLOEXEC), "pipe");
    must(pipe2(out.data(), O_CLOEXEC), "pipe");
    posix_spawn_file_actions_t actions;
    must(posix_spawn_file_actions_init(&actions), "spawn");
    must(posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO), "spawn");
    must(posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO), "spawn");
    const std::string node = folder + "node_modules/.bin/node";
    arguments.insert(arguments.begin(), {node, folder + script});
    std::vector<char*> words;
    for (std::string& word : arguments) words.push_back(word.data());
    words.push_back(nullptr);
    const int spawned = posix_spawn(&process_, node.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
    must(spawned, "no node: npm ci in its folder");
}

std::string NodeProgram::first_line() const {
    const auto end = std::chrono::steady_clock::now() + kStart;
    std::string line;
    while (std::chrono::steady_clock::now() < end) {
        pollfd waiting{from_, POLLIN, 0};
        if (poll(&waiting, 1, 100) <= 0) continue;
        char c = 0;
        if (read(from_, &c, 1) != 1 || c == '\n') break;
        line.push_back(c);
    }
    return line;
}

NodeProgram::~NodeProgram() {
    close(to_);
    for (auto waited = 0ms; waited < kEnd; waited += 20ms) {
        if (waitpid(process_, nullptr, WNOHANG) == process_) process_ = -1;
        if (process_ < 0) break;
        std::this_thread::sleep_for(20ms);
    }
    if (process_ > 0) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    close(from_);
}

}  // namespace kesher::tests
