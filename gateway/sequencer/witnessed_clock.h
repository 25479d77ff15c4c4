// Who witnesses the log, and whether most of them see the same time as the hub.
//
// Expiry and deletion rest on the hub's clock, and a clock that was set forward would end referrals and
// consents of living people. So they run only while more than half of the witnesses have signed a time
// within 5 minutes of it (audit-log.md 3.4); withdrawals and freezes never ask. What was heard is kept in
// memory alone: after a start nothing expires until the witnesses have spoken again.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "audit/log/note.h"
#include "gateway/sequencer/registry.h"

namespace kesher::sequencer {

struct Witness {
    contract::OrganisationId id;
    log::NoteKey key;
};
// The enrolled key of every active organisation but operators and auditors: those run no adapter that must.
[[nodiscard]] std::vector<Witness> witnesses_of(const Registry& registry);
// More than half of all; nobody makes a majority of nobody.
[[nodiscard]] constexpr bool is_majority(std::size_t some, std::size_t all) { return 2 * some > all; }

class WitnessedClock {
public:
    // A time in a cosignature that was verified; the last word of each witness counts, also where its clock
    // was set back.
    void heard(const contract::OrganisationId& witness, log::CosignatureTime said);
    // True where there is no witness yet: then there is nobody who could be asked.
    [[nodiscard]] bool agrees(const Registry& registry, contract::Instant now) const;

private:
    mutable std::mutex mutex_;
    std::map<contract::OrganisationId, log::CosignatureTime> said_;
};

}  // namespace kesher::sequencer
