// What the witnesses ask of the log and give to it (audit-log.md 1.7 and 3.4, C2SP tlog-witness).
//
// Adapters stand behind firewalls, so they pull: the exact body of `add-checkpoint` goes out, the line of
// a cosignature comes back. A line names no size, so it is tried on what that witness was offered. All of
// them are offered the same checkpoint until most have signed it: on a busy log each would otherwise sign
// another one, and none would ever have a majority.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "audit/log/checkpoint.h"
#include "gateway/sequencer/ledger.h"
#include "gateway/sequencer/witnessed_clock.h"
#include "gateway/store/readers.h"

namespace kesher::insight {

class Witnessing {
public:
    Witnessing(store::Readers& readers, sequencer::WitnessedClock& clock, log::NoteKey log_key)
        : readers_(readers), clock_(clock), log_key_(std::move(log_key)) {}

    // `old <size>`, the consistency proof, an empty line, the signed checkpoint. Codes: `not_found` before
    // the first checkpoint, `version_conflict` where the witness knows a larger tree than the hub signed:
    // one of them has lost something.
    [[nodiscard]] contract::Result<std::string, contract::Code> add_checkpoint(
        const sequencer::Registry& registry, const contract::OrganisationId& witness, contract::TreeSize old,
        std::chrono::steady_clock::time_point now);

    struct Kept {
        contract::TreeSize size{};  // of the checkpoint it covers
        bool first = false;         // false: this witness had signed that size before; the first line stays
    };
    // One or more lines `— <name> <base64>`, each with its LF; lines of other keys are passed over. Codes:
    // `statement_invalid` no such lines, `not_found` no witness key was enrolled for the caller,
    // `signature_invalid` no line of its key holds over a checkpoint that it was offered.
    [[nodiscard]] contract::Result<Kept, contract::Code> cosignatures(const sequencer::Registry& registry,
                                                                      const contract::OrganisationId& witness,
                                                                      std::string_view lines);

    // The newest size that most witnesses have signed in this run of the hub.
    [[nodiscard]] std::optional<contract::TreeSize> witnessed() const;
    // How old the oldest entry is that most witnesses have not signed; zero where there is none such. Nothing
    // where there is no witness. What was signed before this run counts as well. Throws store::DatabaseLost.
    [[nodiscard]] std::optional<std::chrono::milliseconds> unwitnessed_for(
        const sequencer::Registry& registry, contract::Instant now);

private:
    struct Offer {
        log::Checkpoint checkpoint;
        std::string note;  // as signed by the log
        std::chrono::steady_clock::time_point since;
        std::set<contract::OrganisationId> signed_by{};
    };
    [[nodiscard]] Offer newest(store::Connection& connection,
                               std::chrono::steady_clock::time_point now) const;
    [[nodiscard]] std::optional<Offer> shared(const sequencer::Registry& registry, contract::TreeSize old,
                                              std::chrono::steady_clock::time_point now);
    [[nodiscard]] std::vector<Offer> offered_to(const contract::OrganisationId& witness) const;
    void remember(const contract::OrganisationId& witness, const Offer& offer);
    void count(const sequencer::Registry& registry, const contract::OrganisationId& witness,
               contract::TreeSize size);
    // Up to where most have signed, in this run or, as the lines of these witnesses say, before it.
    [[nodiscard]] contract::TreeSize signed_by_most(store::Connection& connection,
                                                    const std::vector<sequencer::Witness>& witnesses);

    store::Readers& readers_;
    sequencer::WitnessedClock& clock_;
    log::NoteKey log_key_;
    mutable std::mutex mutex_;
    std::optional<Offer> shared_;
    std::map<contract::OrganisationId, std::deque<Offer>> offers_;  // the last few of each
    std::optional<contract::TreeSize> witnessed_;
    std::optional<contract::TreeSize> witnessed_before_;  // read once: the way to a line of years ago is long
};

}  // namespace kesher::insight
