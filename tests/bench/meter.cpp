#include "tests/bench/meter.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kesher::bench {
namespace {

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Stat {
    pid_t parent = 0;
    double seconds = 0;
    double of_ended_children = 0;
};

// Fields behind the command in parentheses, which may hold anything: state, ppid, ... utime is the 12th,
// then stime, and both of the children that have ended.
Stat stat_of(const std::string& pid) {
    const std::string text = read("/proc/" + pid + "/stat");
    const std::size_t end = text.rfind(')');
    if (end == std::string::npos) return {};
    std::istringstream fields(text.substr(end + 1));
    std::vector<std::string> words;
    for (std::string word; fields >> word;) words.push_back(word);
    if (words.size() < 15) return {};
    const auto seconds = [&](std::size_t user, std::size_t kernel) {
        const auto ticks = static_cast<double>(std::stoull(words[user]) + std::stoull(words[kernel]));
        return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
    };
    return {static_cast<pid_t>(std::stol(words[1])), seconds(11, 12), seconds(13, 14)};
}

}  // namespace

double cpu_seconds(pid_t process) { return stat_of(std::to_string(process)).seconds; }

double cpu_seconds_of_children(pid_t parent) {
    double seconds = stat_of(std::to_string(parent)).of_ended_children;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const Stat stat = stat_of(name);
        if (stat.parent == parent) seconds += stat.seconds;
    }
    return seconds;
}

void forget_peak(pid_t process) {
    std::ofstream("/proc/" + std::to_string(process) + "/clear_refs") << "5\n";
}

double peak_mebibytes(pid_t process) {
    const std::string text = read("/proc/" + std::to_string(process) + "/status");
    const std::size_t at = text.find("VmHWM:");
    if (at == std::string::npos) throw std::runtime_error("a measured process has ended");
    return std::stod(text.substr(at + 6)) / 1024;
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

double median(std::vector<double> values) { return percentile(std::move(values), 0.5); }

double series(std::string_view page, std::string_view name) {
    const std::string start = "\n" + std::string(name) + " ";
    const std::size_t at = page.find(start);
    if (at == std::string_view::npos) throw std::runtime_error("no metric " + std::string(name));
    return std::stod(std::string(page.substr(at + start.size(), 32)));
}

}  // namespace kesher::bench
