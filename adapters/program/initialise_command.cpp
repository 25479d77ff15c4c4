// init: an organisation's first step, with the token file that the operator handed over.
#include "adapters/kit/enrolment.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/program/command.h"

namespace kesher::program {
namespace {

using contract::Failure;

Outcome initialise(const Common& common, const std::filesystem::path& token_file) {
    need_directory(common);
    const auto protection = kit::protection_of(common.passphrase_file);
    if (!protection) return Failure{protection.error()};
    const auto token = kit::read_token_file(token_file);
    if (!token) return Failure{token.error()};
    const auto enrolled = kit::enrol(*token, common.directory, *protection, now());
    if (!enrolled) return Failure{enrolled.error()};
    Facts facts{{"organisation", token->organisation.text()},
                {"hub", enrolled->pins.name},
                {"log", enrolled->pins.log.vkey()},
                {"root", contract::base64url(enrolled->root.view())}};
    if (std::filesystem::exists(common.directory / "root.key")) {
        facts.emplace_back("next",
                           "take root.key off this machine; tell the operator `root` over another channel");
    }
    return facts;
}

}  // namespace

void add_initialise_command(CLI::App& app, Chosen& chosen) {
    const auto token_file = std::make_shared<std::filesystem::path>();
    CLI::App* sub = app.add_subcommand("init", "Makes the keys where there are none, and enrols");
    sub->add_option("--token-file", *token_file, "What the operator handed over (mode 0600)")->required();
    sub->callback([token_file, &chosen] {
        chosen = [token_file](const Common& common) { return initialise(common, *token_file); };
    });
}

}  // namespace kesher::program
