#include "audit/verifier/run.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <ostream>

#include "audit/verifier/evidence_command.h"
#include "audit/verifier/finding.h"
#include "audit/verifier/log_command.h"
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

void add_evidence(CLI::App& app, Chosen& chosen) {
    auto question = std::make_shared<EvidenceQuestion>();
    CLI::App* command =
        app.add_subcommand("evidence", "Check who said what to whom, by the sender's own signature");
    CLI::Option* statement =
        command->add_option("--statement", question->statement, "File with the statement (compact JWS)");
    CLI::Option* acks = command->add_option("--acks", question->acks,
                                            "Instead: file with what a recipient acknowledged (compact JWS)");
    acks->excludes(statement);
    command
        ->add_option("--keys", question->keys,
                     "File with the sender's key list (compact JWS), or its signing certificate (PEM)")
        ->required();
    command->add_option("--root", question->root,
                        "File with the root certificate (PEM); a key list needs it");
    command->add_option("--root-pin", question->root_pin,
                        "SHA-256 of the root's public key, base64url, as the agreement holds it");
    command->add_option("--payload", question->payload, "File with the payload's exact bytes");
    command->add_option("--leaf", question->leaf,
                        "File with the leaf of its acceptance or of a release, which must say the same");
    command->add_option("--log", question->log, "The log's name, which what was signed must have");
    command->callback([&chosen, question] { chosen = [question] { return check_evidence(*question); }; });
}

void add_log(CLI::App& app, Chosen& chosen) {
    auto question = std::make_shared<LogQuestion>();
    CLI::App* command = app.add_subcommand("log", "Check a whole copy of the log, entry by entry");
    command
        ->add_option("--dir", question->folder,
                     "Folder with checkpoint, tile/... and tile/entries/... (C2SP)")
        ->required();
    command->add_option("--log-key", question->log_key, "The log's vkey, or a file that holds it")
        ->required();
    command->add_option("--old", question->old, "File with an earlier checkpoint that must be a beginning");
    command->callback([&chosen, question] { chosen = [question] { return check_log(*question); }; });
}

}  // namespace

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
    CLI::App app("Checks what an exchange hub has logged, without asking the hub.", "kesher-verify");
    bool json = false;
    Chosen chosen;
    app.add_flag("--json", json, "Answer with one JSON object");
    app.set_version_flag("--version", "kesher-verify " KESHER_VERSION);
    app.fallthrough();
    app.require_subcommand(1);
    add_receipt(app, chosen);
    add_evidence(app, chosen);
    add_log(app, chosen);
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
