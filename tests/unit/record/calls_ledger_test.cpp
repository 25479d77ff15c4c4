// A call of theirs that was taken is known after a stop, by names that nobody without the key can try.
#include "adapters/record/calls_ledger.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <fstream>

#include "adapters/kit/message_writer.h"

using namespace kesher;
using namespace kesher::record;

TEST_CASE("A call that was taken is known by its id and what it said") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("kesher-calls-ledger-" + std::to_string(::getpid()));
    const auto call = kit::draw_message_id();
    const auto content = kit::draw_message_id();
    {
        CallsLedger ledger(file);
        CHECK(ledger.heard(call, content) == CallsLedger::Heard::never);
        ledger.hear(call, content);
    }
    {
        const CallsLedger ledger(file);
        CHECK(ledger.heard(call, content) == CallsLedger::Heard::the_same);
        CHECK(ledger.heard(call, kit::draw_message_id()) == CallsLedger::Heard::with_another_content);
        CHECK(ledger.heard(kit::draw_message_id(), content) == CallsLedger::Heard::never);
    }
    std::filesystem::remove(file);
}

TEST_CASE("A line of theirs that does not read is damage") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("kesher-calls-damage-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << "heard x y\n";
    CHECK_THROWS_AS(CallsLedger(file), LedgerBroken);
    std::filesystem::remove(file);
}
