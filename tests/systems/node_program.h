// A program of Node.js that a test faces: started on a loopback port, which is its first line (`port N`), and
// ended with the test: it ends when its standard input does, or is ended by its own process id.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kesher::tests {

class NodeProgram {
public:
    // `folder`: below tests/systems, with a node_modules of its own. Throws where it does not start.
    NodeProgram(const std::string& folder, const std::string& script,
                std::vector<std::string> arguments = {});
    ~NodeProgram();
    NodeProgram(const NodeProgram&) = delete;
    NodeProgram& operator=(const NodeProgram&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }

private:
    void start(const std::string& folder, const std::string& script, std::vector<std::string> arguments);
    [[nodiscard]] std::string first_line() const;
    pid_t process_ = -1;
    int to_ = -1, from_ = -1;
    std::string url_;
};

}  // namespace kesher::tests
