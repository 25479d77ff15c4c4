// One adapter a key directory: two would hand the same woman's referral to her system twice. And one rotation
// of its keys: two would draw two lists of one serial. Neither waits for the other.
#pragma once

#include <filesystem>

#include "adapters/kit/organisation_keys.h"

namespace kesher::program {

// Held while it lives; the kernel lets go of it when the process ends, however it ends.
class OneProcess {
public:
    enum class For { adapter, rotation };
    // Says so where another process holds the directory for the same.
    [[nodiscard]] static kit::Usable<OneProcess> hold(const std::filesystem::path& directory,
                                                      For what = For::adapter);
    ~OneProcess();
    OneProcess(OneProcess&& other) noexcept : file_(other.file_) { other.file_ = -1; }
    OneProcess& operator=(OneProcess&&) = delete;
    OneProcess(const OneProcess&) = delete;
    OneProcess& operator=(const OneProcess&) = delete;

private:
    explicit OneProcess(int file) : file_(file) {}
    int file_;
};

}  // namespace kesher::program
