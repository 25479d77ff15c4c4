#include "audit/verifier/run.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <ostream>

#include "audit/verifier/finding.h"
#include "audit/verifier/receipt_command.h"

namespace kesher::verifier {
namespace {

// The command that was chosen, with what it was asked.
using Chosen = std::function<OrUsage<Finding>()>;

void add_receipt(CLI::App& app, Chosen& chosen) {
    auto question = std::make_shared<ReceiptQuestion>();
    CLI::App* command = app.add_subcommand("receipt", "Check that a leaf is in the log, offline");
    command->add_option("--leaf", question->leaf, "File with the leaf's exact bytes")->required();
    command->add_option("--proof", question->proof, "File with the receipt (c2sp.org/tlog-proof@v1)")
        ->required();
    command->add_option("--log-key", question->log_key, "The log's vkey, or a file that holds it")
        ->required();
    command->add_option("--policy", question->policy,
                        "File saying whose cosignatures are needed (C2SP tlog-policy)");
    command->callback([&chosen, question] { chosen = [question] { return check_receipt(*question); }; });
}

}  // namespace

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
    CLI::App app("Checks what an exchange hub has logged, without asking the hub.", "kesher-verify");
    bool json = false;
    Chosen chosen;
    app.add_flag("--json", json, "Answer with one JSON object");
    app.fallthrough();
    app.require_subcommand(1);
    add_receipt(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error, out, err) == 0 ? kHolds : kUsage;  // 0: help was asked for
    }
    const auto finding = chosen();
    if (!finding) {
        err << "kesher-verify: " << finding.error().message << '\n';
        return kUsage;
    }
    finding->print(out, json);
    return finding->exit_code();
}

}  // namespace kesher::verifier
