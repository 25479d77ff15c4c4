// A folder of this test process, gone with it, and kesher-verify called on what lies in it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "audit/verifier/run.h"
#include "schemas/contract/bytes.h"

namespace kesher::samples {

class ScratchFolder {
public:
    ScratchFolder()
        : path_(std::filesystem::temp_directory_path() /
                ("kesher-verify-" + std::to_string(::getpid()) + '-' + std::to_string(++count_))) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~ScratchFolder() { std::filesystem::remove_all(path_); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    std::string write(const std::string& name, std::string_view bytes) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        return *this / name;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        if (!in) throw std::runtime_error("no file " + name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    // One bit of one byte, as a disk or an intruder would.
    void flip(const std::string& name, std::size_t at) const {
        std::string bytes = read(name);
        bytes.at(at) = static_cast<char>(static_cast<unsigned char>(bytes.at(at)) ^ 1U);
        write(name, bytes);
    }

private:
    inline static int count_ = 0;
    std::filesystem::path path_;
};

struct Answer {
    int exit_code = 0;
    std::string out;
    std::string err;
};

inline Answer verify(const std::vector<std::string>& arguments) {
    std::vector<const char*> argv{"kesher-verify"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const int code = verifier::run(static_cast<int>(argv.size()), argv.data(), out, err);
    return {code, out.str(), err.str()};
}

}  // namespace kesher::samples
