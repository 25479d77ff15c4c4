#include "tests/systems/fhir/far_side.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace kesher::tests {
namespace {

using namespace std::chrono_literals;

const std::string kFolder = KESHER_SOURCE_DIR "/tests/systems/fhir/";
constexpr auto kStart = 60s;  // it reads FHIR's definitions first, on a machine that may be busy
constexpr auto kEnd = 5s;

void must(int result, const char* what) {
    if (result != 0) throw std::runtime_error(std::string("far side: ") + what);
}

}  // namespace

FarSide& FarSide::running() {
    static FarSide far_side;
    return far_side;
}

FarSide::FarSide() {
    start();
    const std::string line = first_line();
    constexpr std::string_view kPort = "port ";
    if (!line.starts_with(kPort))
        throw std::runtime_error("far side: did not start; npm ci in tests/systems/fhir?");
    url_ = "http://127.0.0.1:" + line.substr(kPort.size());
    client_.emplace(edge::ClientSettings{.base_url = url_});
}

void FarSide::start() {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    must(pipe2(in.data(), O_CLOEXEC), "pipe");
    must(pipe2(out.data(), O_CLOEXEC), "pipe");
    posix_spawn_file_actions_t actions;
    must(posix_spawn_file_actions_init(&actions), "spawn");
    must(posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO), "spawn");
    must(posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO), "spawn");
    std::string node = kFolder + "node_modules/.bin/node";
    std::string script = kFolder + "server.mjs";
    std::array<char*, 3> arguments{node.data(), script.data(), nullptr};
    const int spawned = posix_spawn(&process_, node.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
    must(spawned, "no node: npm ci in tests/systems/fhir");
}

std::string FarSide::first_line() const {
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

FarSide::~FarSide() {
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

edge::Answer FarSide::send(edge::Call call) {
    call.headers.push_back({"accept", "application/fhir+json"});
    const auto answer = client_->send(call);
    if (!answer) throw std::runtime_error("far side: " + answer.error().text);
    return answer.value();
}

edge::Answer FarSide::get(const std::string& path) { return send({.method = "GET", .path = path}); }

edge::Answer FarSide::post(const std::string& path, std::string body) {
    return send(
        {.method = "POST", .path = path, .content_type = "application/fhir+json", .body = std::move(body)});
}

edge::Answer FarSide::put(const std::string& path, std::string body,
                          const std::optional<std::string>& if_match) {
    edge::Call call{
        .method = "PUT", .path = path, .content_type = "application/fhir+json", .body = std::move(body)};
    if (if_match) call.headers.push_back({"if-match", *if_match});
    return send(std::move(call));
}

edge::Answer FarSide::patch(const std::string& path, std::string body, const std::string& if_match) {
    edge::Call call{.method = "PATCH",
                    .path = path,
                    .content_type = "application/json-patch+json",
                    .body = std::move(body),
                    .headers = {{"if-match", if_match}}};
    return send(std::move(call));
}

}  // namespace kesher::tests
