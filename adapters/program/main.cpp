// kesher-adapter: what an organisation runs at its own premises, with its own keys.
// Exit codes: 0 holds, 1 does not hold (REFUSED: why), 2 usage.
#include <iostream>

#include "adapters/kit/usage_fault.h"
#include "adapters/program/command.h"
#include "gateway/telemetry/core_dumps.h"
#include "schemas/json/writer.h"

namespace {

using namespace kesher;

void print(const program::Outcome& outcome, bool json) {
    if (json) {
        json::Writer writer;
        writer.open_object().boolean("holds", outcome.has_value());
        if (!outcome) writer.text("sentence", outcome.error().sentence);
        if (outcome) {
            for (const auto& [key, value] : *outcome) writer.text(key, value);
        }
        std::cout << writer.close().take() << '\n';
        return;
    }
    if (!outcome) {
        std::cout << "REFUSED: " << outcome.error().sentence << '\n';
        return;
    }
    std::size_t width = 0;
    for (const auto& [key, value] : *outcome) width = std::max(width, key.size());
    for (const auto& [key, value] : *outcome) {
        std::cout << key << std::string(width - key.size() + 2, ' ') << value << '\n';
    }
}

int run(int argc, char** argv) {
    telemetry::forbid_core_dumps();
    CLI::App app{"kesher-adapter: an organisation's own side of the exchange.", "kesher-adapter"};
    app.failure_message(kit::usage_fault);
    app.set_version_flag("--version", "kesher-adapter " KESHER_VERSION);
    app.require_subcommand(1);
    app.fallthrough();  // --dir and --json may stand anywhere
    program::Common common;
    program::Chosen chosen;
    app.add_option("--dir", common.directory, "The organisation's own key directory");
    app.add_option("--passphrase-file", common.passphrase_file,
                   "Opens its private keys, where they are encrypted");
    app.add_flag("--json", common.json, "One JSON object instead of lines");
    program::add_initialise_command(app, chosen);
    program::add_agreement_commands(app, chosen);
    program::add_keys_commands(app, chosen);
    program::add_run_command(app, chosen);
    try {
        app.parse(argc, argv);
        const program::Outcome outcome = chosen(common);
        print(outcome, common.json);
        return outcome ? 0 : 1;
    } catch (const CLI::ParseError& usage) {
        return app.exit(usage) == 0 ? 0 : 2;
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& broken) {
        std::cerr << "kesher-adapter: " << broken.what() << "\n";
        return 1;
    }
}
