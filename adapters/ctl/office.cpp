#include "adapters/ctl/office.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <thread>

#include "adapters/kit/own_agreements.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

constexpr std::chrono::milliseconds kLooksAgain{200};

}  // namespace

Or<std::unique_ptr<Office>> Office::open(const Common& common) {
    auto body = kit::open_enrolled(common.directory, common.passphrase_file, common.evidence);
    if (!body) return Failure{refusal(body.error())};
    if (common.line) {
        body->hub = std::make_unique<kit::HubClient>(
            common.line(), kit::HubClientSettings{body->keys.organisation(), body->pins.log});
    }
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

// Whatever keeps it from being opened: a file that is broken is so ten seconds later, and nothing was lost.
Or<contract::Done> Office::wait_for_journal() {
    const auto until = std::chrono::steady_clock::now() + common_.patience;
    for (bool told = false;;) {
        try {
            (void)journal();
            return contract::Done{};
        } catch (const kit::JournalBroken& broken) {
            if (std::chrono::steady_clock::now() >= until) return Failure{Refusal{"unusable", broken.what()}};
            if (!told) std::cerr << "kesherctl: " << broken.what() << "; trying again\n";
            told = true;
        }
        std::this_thread::sleep_for(kLooksAgain);
    }
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
