// The kept inputs of every fuzz target, in every build: whole, cut short, and with one bit turned.
// What a fuzzer once found stays in tests/fuzz/corpus; the claims are the targets' own.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "tests/fuzz/target.h"

using namespace kesher;

namespace {

constexpr std::size_t kVariants = 24;  // of each kind and input: spread over its length

contract::Bytes bytes_of_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void run_with_variants(const fuzz::Target& target, contract::Bytes input) {
    target.run(input);
    const std::size_t step = input.size() / kVariants + 1;
    for (std::size_t at = 0; at < input.size(); at += step) {
        target.run(contract::ByteView(input).first(at));
        const auto bit = static_cast<std::uint8_t>(1U << (at % 8));
        input[at] ^= bit;
        target.run(input);
        input[at] ^= bit;
    }
}

}  // namespace

TEST_CASE("Every parser keeps its promise for every input that is kept") {
    for (const fuzz::Target& target : fuzz::targets()) {
        INFO(target.name);
        target.run({});
        const std::filesystem::path folder =
            std::filesystem::path(KESHER_SOURCE_DIR) / "tests/fuzz/corpus" / target.name;
        REQUIRE(std::filesystem::is_directory(folder));
        std::size_t inputs = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            run_with_variants(target, bytes_of_file(entry.path()));
            ++inputs;
        }
        CHECK(inputs > 0);
    }
}
