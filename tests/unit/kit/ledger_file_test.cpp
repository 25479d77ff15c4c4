// The file under a native side's ledger forgets nothing that was whole and keeps nothing that was not.
#include "adapters/kit/ledger_file.h"

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/unit/kit/exchange.h"

namespace kesher::kit {
namespace {

constexpr std::array<LedgerFile::Kind, 1> kKinds{{{"given", 2}}};

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    LedgerFile file(path, "the ledger");
    file.load([&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("A ledger gives back every line that was added") {
    const table::Folder folder;
    const auto path = folder / "ledger";
    {
        LedgerFile file(path, "the ledger");
        file.load([](std::string_view) { FAIL("nothing was added yet"); });
        file.append("given a");
        file.append("given b");
    }
    CHECK(lines_of(path) == std::vector<std::string>{"given a", "given b"});
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("A line that a stop cut off never happened and the next one begins where it began") {
    const table::Folder folder;
    const auto path = folder / "ledger";
    std::ofstream(path, std::ios::binary) << "given a\ngive";
    {
        LedgerFile file(path, "the ledger");
        file.load([](std::string_view line) { CHECK(line == "given a"); });
        file.append("given b");
    }
    CHECK(content_of(path) == "given a\ngiven b\n");
}

TEST_CASE("Two processes never hold one ledger") {
    const table::Folder folder;
    const auto path = folder / "ledger";
    const LedgerFile first(path, "the ledger");
    CHECK_THROWS_WITH(LedgerFile(path, "the ledger"), Catch::StartsWith("the ledger: it is in use"));
}

TEST_CASE("A link in the ledger's place is not followed") {
    const table::Folder folder;
    const auto path = folder / "ledger";
    std::ofstream(folder / "elsewhere") << "";
    std::filesystem::create_symlink(folder / "elsewhere", path);
    CHECK_THROWS_AS(LedgerFile(path, "the ledger"), LedgerBroken);
}

TEST_CASE("A whole line of another kind or length is damage") {
    const table::Folder folder;
    const LedgerFile file(folder / "ledger", "the ledger");
    CHECK(file.words_of("given a", kKinds) == LedgerWords{"given", "a"});
    for (const auto* line : {"", "given", "given a b", "taken a"}) {
        CAPTURE(line);
        CHECK_THROWS_WITH(file.words_of(line, kKinds), "the ledger is damaged");
    }
}

}  // namespace kesher::kit
