#include "adapters/ctl/office.h"

#include <CLI/CLI.hpp>

#include "adapters/kit/own_agreements.h"

namespace kesher::ctl {
namespace {

using contract::Failure;

bool is_pinned(const std::vector<kit::PinnedRoot>& roots, const contract::OrganisationId& body) {
    return std::any_of(roots.begin(), roots.end(),
                       [&](const kit::PinnedRoot& root) { return root.body == body; });
}

}  // namespace

Or<std::unique_ptr<Office>> Office::open(const Common& common) {
    auto body = kit::open_enrolled(common.directory, common.passphrase_file, common.evidence);
    if (!body) return Failure{refusal(body.error())};
    return std::unique_ptr<Office>(new Office(common, *std::move(body)));
}

kit::Journal& Office::journal() {
    if (!journal_) {
        journal_.emplace(directory() / "kesherctl.journal", kit::JournalOwner{self(), pins().log_origin()});
    }
    return *journal_;
}

Or<kit::Directory> Office::members() {
    const auto roots =
        kit::pinned_roots(kit::own_acts(directory(), self(), keys().root(), hub().now()), self());
    for (const auto& [body, pin] : journal().pins()) {
        if (!is_pinned(roots, body)) journal().unpin(body);
    }
    for (const kit::PinnedRoot& root : roots) journal().pin(root.body, root.root);
    const auto text = hub().organisations();
    if (!text) return Failure{refusal(text.error())};
    auto members = kit::Directory::read(*text, journal().pins(), hub().now());
    if (!members) return Failure{refusal(members.error())};
    for (const auto& [body, serial] : members->newer_serials()) journal().raise_serial(body, serial);
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
