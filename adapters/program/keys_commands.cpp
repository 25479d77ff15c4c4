// keys rotate: the next signing and encryption keys, and the key list that names them.
#include "adapters/kit/enrolled.h"
#include "adapters/kit/key_rotation.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/program/command.h"
#include "adapters/program/one_process.h"

namespace kesher::program {
namespace {

using contract::Failure;

Facts facts_of(const kit::Rotated& rotated) {
    const statement::KeyList& list = rotated.list;
    Facts facts{{"organisation", list.organisation.text()},
                {"serial", std::to_string(list.serial)},
                {"holds_until", contract::text(contract::day_of(list.not_after))},
                {"signing", contract::base64url(list.signing.front().thumbprint().view())},
                {"encryption", contract::base64url(list.encryption.front().thumbprint().view())}};
    if (rotated.leaf) facts.emplace_back("leaf", std::to_string(contract::number(*rotated.leaf)));
    for (const std::string& file : rotated.destroyed) facts.emplace_back("destroyed", file);
    facts.emplace_back("next", rotated.was_begun
                                   ? "this list was signed by an earlier call, and the root was not used now"
                                   : "take the root's key off this machine again");
    return facts;
}

Outcome rotate(const Common& common, const std::filesystem::path& root_key) {
    need_directory(common);
    auto protection = kit::protection_of(common.passphrase_file);
    if (!protection) return Failure{protection.error()};
    const auto body = kit::open_enrolled(common.directory, common.passphrase_file);
    if (!body) return Failure{body.error()};
    const auto alone = OneProcess::hold(common.directory, OneProcess::For::rotation);
    if (!alone) return Failure{alone.error()};
    const auto rotated = kit::rotate_keys({common.directory, *std::move(protection), root_key}, *body->hub);
    if (!rotated) return Failure{rotated.error()};
    return facts_of(*rotated);
}

}  // namespace

void add_keys_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* group = app.add_subcommand("keys", "This organisation's own keys");
    group->require_subcommand(1);
    const auto root_key = std::make_shared<std::filesystem::path>();
    CLI::App* sub = group->add_subcommand(
        "rotate", "Draws the next signing and encryption keys and changes over once the hub has their list");
    sub->add_option(
        "--root-key", *root_key,
        "The root's key, from where it is kept; not needed to go on with a rotation that was cut off");
    sub->callback([root_key, &chosen] {
        chosen = [root_key](const Common& common) { return rotate(common, *root_key); };
    });
}

}  // namespace kesher::program
