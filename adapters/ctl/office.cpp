#include "adapters/ctl/office.h"

#include <CLI/CLI.hpp>

#include "adapters/kit/own_agreements.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

}  // namespace

Or<std::unique_ptr<Office>> Office::open(const Common& common) {
    auto body = kit::open_enrolled(common.directory, common.passphrase_file, common.evidence);
    if (!body) return Failure{refusal(body.error())};
    return std::unique_ptr<Office>(new Office(common, *std::move(body)));
}

void Office::renew_keys() {
    if (auto keys = kit::open_keys_again(directory(), common_.passphrase_file)) body_.keys = *std::move(keys);
}

kit::Journal& Office::journal() {
    if (!journal_) {
        journal_.emplace(directory() / "kesherctl.journal", kit::JournalOwner{self(), pins().log_origin()});
    }
    return *journal_;
}

Or<kit::Directory> Office::members() {
    (void)kit::renew_pins(journal(), directory(), keys(), hub().machine_now());  // read anew in any case
    const auto text = hub().organisations();
    if (!text) return Failure{refusal(text.error())};
    auto members = kit::Directory::read(*text, journal().pins(), pins().log_origin(), hub().machine_now());
    if (!members) return Failure{refusal(members.error())};
    for (const auto& [body, serial] : members->newer_serials()) journal().raise_serial(body, serial);
    for (const auto& [body, place] : members->newer_profiles()) journal().raise_profile(body, place);
    return *std::move(members);
}

kit::Actor Office::actor() const {
    if (!common_.officer || !common_.role) {
        throw CLI::ValidationError("--actor, --role",
                                   "this command needs to know who acts, and in which role");
    }
    return {*common_.officer, *common_.role};
}

}  // namespace kesher::ctl
