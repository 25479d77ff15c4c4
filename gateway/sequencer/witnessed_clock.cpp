#include "gateway/sequencer/witnessed_clock.h"

#include "gateway/store/stored_words.h"
#include "schemas/contract/limits.h"

namespace kesher::sequencer {

using namespace contract;

std::vector<Witness> witnesses_of(const Registry& registry) {
    std::vector<Witness> all;
    for (const auto& [id, organisation] : registry.organisations()) {
        const store::OrganisationRow& row = organisation.row;
        const bool has_adapter =
            row.kind != OrganisationKind::operator_ && row.kind != OrganisationKind::auditor;
        if (row.status != OrganisationStatus::active || !row.witness || !has_adapter) continue;
        auto key = log::NoteKey::parse(*row.witness);
        if (!key) store::refuse_stored("organisation.witness");  // enrolment takes no other
        all.push_back({id, *std::move(key)});
    }
    return all;
}

void WitnessedClock::heard(const OrganisationId& witness, log::CosignatureTime said) {
    const std::scoped_lock hold(mutex_);
    const auto [entry, is_new] = said_.try_emplace(witness, said);
    if (!is_new) entry->second = said;
}

bool WitnessedClock::agrees(const Registry& registry, Instant now) const {
    const auto witnesses = witnesses_of(registry);
    if (witnesses.empty()) return true;
    const std::scoped_lock hold(mutex_);
    std::size_t near = 0;
    for (const Witness& witness : witnesses) {
        const auto entry = said_.find(witness.id);
        if (entry == said_.end()) continue;
        const auto apart = std::chrono::abs(now - Instant{entry->second});
        if (apart <= limits::kWitnessedWithin) ++near;
    }
    return is_majority(near, witnesses.size());
}

}  // namespace kesher::sequencer
