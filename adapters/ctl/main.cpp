// kesherctl: organisations, cases, consents and messages by hand. Speaks only HTTP; what it proves, it proves
// against what enrolment pinned. Exit codes: 0 holds, 1 does not hold (REFUSED: why), 2 usage.
#include <iostream>

#include "adapters/ctl/commands.h"
#include "adapters/ctl/words.h"
#include "adapters/kit/usage_fault.h"
#include "gateway/telemetry/core_dumps.h"

namespace {

using namespace kesher;

void add_common(CLI::App& app, ctl::Common& common) {
    app.add_option("--dir", common.directory, "The organisation's own key directory")->required();
    app.add_option("--passphrase-file", common.passphrase_file,
                   "Opens its private keys, where they are encrypted");
    app.add_option("--evidence", common.evidence, "Folder that keeps every byte that crosses");
    app.add_flag("--json", common.json, "One JSON object instead of lines");
    ctl::add_id(app, "--actor", common.officer, "Number of the officer who acts");
    app.add_option_function<std::string>(
        "--role",
        [&](const std::string& word) {
            common.role = ctl::word_or_usage("--role", word, contract::kOfficerRoles);
        },
        "In which role, such as SOCIAL_WORKER");
}

int run(int argc, char** argv) {
    telemetry::forbid_core_dumps();
    CLI::App app{"kesherctl: the exchange by hand.", "kesherctl"};
    app.failure_message(kit::usage_fault);
    app.set_version_flag("--version", "kesherctl " KESHER_VERSION);
    app.require_subcommand(1);
    app.fallthrough();  // --dir and --json may stand anywhere
    ctl::Common common;
    ctl::Chosen chosen;
    add_common(app, common);
    ctl::add_enrolment_commands(app, chosen);
    ctl::add_operator_commands(app, chosen);
    ctl::add_case_commands(app, chosen);
    ctl::add_consent_commands(app, chosen);
    ctl::add_message_commands(app, chosen);
    ctl::add_draft_commands(app, chosen);
    ctl::add_profile_commands(app, chosen);
    ctl::add_inbox_commands(app, chosen);
    ctl::add_reading_commands(app, chosen);
    ctl::add_log_commands(app, chosen);
    try {
        app.parse(argc, argv);
        const ctl::Said said = ctl::said(chosen(common), common.json);
        std::cout << said.out;
        return said.exit_code;
    } catch (const CLI::ParseError& usage) {
        return app.exit(usage) == 0 ? 0 : 2;
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& broken) {
        std::cerr << "kesherctl: " << broken.what() << "\n";
        return 1;
    }
}
