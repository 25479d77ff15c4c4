// enrol: a newcomer's first contact, before there is any hub to open.
#include "adapters/ctl/commands.h"
#include "adapters/kit/enrolment.h"
#include "adapters/kit/organisation_setup.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

Outcome enrol(const Common& common, const std::filesystem::path& token_file) {
    const auto protection = kit::protection_of(common.passphrase_file);
    if (!protection) return Failure{refusal(protection.error())};
    const auto token = kit::read_token_file(token_file);
    if (!token) return Failure{refusal(token.error())};
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto enrolled = kit::enrol(*token, common.directory, *protection, now);
    if (!enrolled) return Failure{refusal(enrolled.error())};
    Report report;
    report.text("organisation", token->organisation.text())
        .text("hub", enrolled->pins.name)
        .text("log", enrolled->pins.log.vkey())
        .text("root", contract::base64url(enrolled->root.view()));
    return report;
}

}  // namespace

void add_enrolment_commands(CLI::App& app, Chosen& chosen) {
    const auto token_file = std::make_shared<std::filesystem::path>();
    CLI::App* sub = app.add_subcommand("enrol",
                                       "Enrols with a token file: makes the keys where there are none. Tell "
                                       "the operator `root` over another channel");
    sub->add_option("--token-file", *token_file, "What the operator handed over (mode 0600)");
    sub->callback([sub, token_file, &chosen] {
        if (!sub->get_subcommands().empty()) return;  // enrol token: the operator's side
        if (token_file->empty()) throw CLI::RequiredError("--token-file");
        chosen = [token_file](const Common& common) { return enrol(common, *token_file); };
    });
}

}  // namespace kesher::ctl
