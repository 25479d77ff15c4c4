#include "adapters/kit/own_agreements.h"

#include <algorithm>

#include "adapters/kit/organisation_setup.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Failure;
using statement::Agreement;
using statement::AgreementAct;

fs::path name_of(const Agreement& agreement) {
    return agreement.id.text() + "." + std::string(statement::kAgreementActs.text(agreement.act)) + "." +
           std::string(contract::kOfficerRoles.text(agreement.role)) + ".json";
}

std::optional<OwnAct> read_act(const fs::path& file, const contract::OrganisationId& self,
                               const statement::Certificate& own_root, contract::Instant at) {
    const auto text = read_small_file(file);
    if (!text) return std::nullopt;
    auto document = statement::read_agreement_document(*text);
    if (!document) return std::nullopt;
    auto verified = statement::verify_agreement(document->jws, self, own_root, document->approver, at);
    // An end stays one: it is judged by the approver's certificate as of the first day of that. Who signed it
    // later would have had a key of ours at hand, and an end takes nothing that a body could want.
    if (!verified && document->approver) {
        verified = statement::verify_agreement(document->jws, self, own_root, document->approver,
                                               document->approver->not_before());
        if (verified && verified->agreement.act != AgreementAct::end) return std::nullopt;
    }
    if (!verified) return std::nullopt;
    return OwnAct{*std::move(document), *std::move(verified)};
}

bool was_ended(const std::vector<OwnAct>& acts, const contract::AgreementId& id) {
    return std::any_of(acts.begin(), acts.end(), [&](const OwnAct& act) {
        return act.verified.agreement.id == id && act.verified.agreement.act == AgreementAct::end;
    });
}

}  // namespace

Usable<fs::path> keep_own_act(const fs::path& directory, const OwnAct& act) {
    const fs::path folder = directory / "agreements";
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return Failure{Unusable{folder.string() + ": cannot be made"}};
    const fs::path file = folder / name_of(act.verified.agreement);
    const std::string text = statement::write_agreement_document(act.document);
    if (fs::exists(file)) {
        const auto before = read_small_file(file);
        if (before && *before == text) return file;
        return Failure{Unusable{file.string() + ": this role has signed this act already"}};
    }
    const auto written = write_new_file(file, text);
    if (!written) return Failure{written.error()};
    return file;
}

std::vector<OwnAct> own_acts(const fs::path& directory, const contract::OrganisationId& self,
                             const statement::Certificate& own_root, contract::Instant at) {
    std::vector<OwnAct> acts;
    const fs::path folder = directory / "agreements";
    if (!fs::is_directory(folder)) return acts;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".json") continue;
        if (auto act = read_act(entry.path(), self, own_root, at)) acts.push_back(*std::move(act));
    }
    return acts;
}

std::vector<PinnedRoot> pinned_roots(const std::vector<OwnAct>& acts, const contract::OrganisationId& self,
                                     contract::Day today) {
    std::vector<PinnedRoot> roots;
    for (const OwnAct& act : acts) {
        const Agreement& agreement = act.verified.agreement;
        if (agreement.to < today || was_ended(acts, agreement.id)) continue;
        const bool first = agreement.first == self;
        roots.push_back({first ? agreement.second : agreement.first,
                         first ? agreement.second_root : agreement.first_root});
    }
    return roots;
}

bool renew_pins(Journal& journal, const fs::path& directory, const OrganisationKeys& keys,
                contract::Instant at) {
    std::map<contract::OrganisationId, contract::Digest> roots;
    const auto acts = own_acts(directory, keys.organisation(), keys.root(), at);
    for (const PinnedRoot& pinned : pinned_roots(acts, keys.organisation(), contract::day_of(at))) {
        roots.insert_or_assign(pinned.body, pinned.root);
    }
    bool changed = false;
    const Pins before = journal.pins();
    for (const auto& [body, pin] : before) {
        if (roots.contains(body)) continue;
        journal.unpin(body);
        changed = true;
    }
    for (const auto& [body, root] : roots) {
        const auto known = before.find(body);
        if (known != before.end() && known->second.root == root) continue;
        journal.pin(body, root);
        changed = true;
    }
    return changed;
}

}  // namespace kesher::kit
