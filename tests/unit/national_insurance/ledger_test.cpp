// A call of theirs that was taken is known after a stop, and by no more than names nobody can try.
#include "adapters/national_insurance/ledger.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>
#include <iterator>

#include "adapters/kit/message_writer.h"

using namespace kesher;
using namespace kesher::national_insurance;

TEST_CASE("A call that was taken is known by its id and what it said") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("kesher-nii-ledger-" + std::to_string(::getpid()));
    const auto content = kit::draw_message_id();
    {
        Ledger ledger(file);
        CHECK(ledger.heard("call-1", content) == Ledger::Heard::never);
        ledger.hear("call-1", content);
    }
    {
        const Ledger ledger(file);
        CHECK(ledger.heard("call-1", content) == Ledger::Heard::the_same);
        CHECK(ledger.heard("call-1", kit::draw_message_id()) == Ledger::Heard::with_another_content);
        CHECK(ledger.heard("call-2", content) == Ledger::Heard::never);
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    CHECK(text.find("call-1") == std::string::npos);
    std::filesystem::remove(file);
}

TEST_CASE("A line of theirs that does not read is damage") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("kesher-nii-damage-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << "heard x y\n";
    CHECK_THROWS_AS(Ledger(file), record::LedgerBroken);
    std::filesystem::remove(file);
}
