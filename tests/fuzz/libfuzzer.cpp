// libFuzzer's side: `kesher-fuzz --target=NAME CORPUS...`; the other options are libFuzzer's own.
#include <cstdint>
#include <cstring>
#include <iostream>

#include "tests/fuzz/target.h"

namespace {

void (*chosen)(kesher::contract::ByteView) = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
    constexpr std::string_view kFlag = "--target=";
    for (int i = 1; i < *argc; ++i) {
        const std::string_view word = (*argv)[i];
        if (!word.starts_with(kFlag)) continue;
        for (const auto& target : kesher::fuzz::targets()) {
            if (word.substr(kFlag.size()) == target.name) chosen = target.run;
        }
    }
    if (chosen != nullptr) return 0;
    std::cerr << "kesher-fuzz --target=NAME, one of:";
    for (const auto& target : kesher::fuzz::targets()) std::cerr << " " << target.name;
    std::cerr << std::endl;
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen({data, size});
    return 0;
}
