// What the hub does when nobody asks: ends what silence or the end of a consent has ended, deletes payloads
// that were taken, lets cases that came to nothing lapse (domain.md 3 and 5.4, contract.md 3).
//
// Each call does one bounded piece. It looks beside the sequencer for what seems due; a request then
// decides on the sequencer's own facts and time, with a leaf. One thread calls them in turn: two never
// meet, and a referral that moved on in between is simply left alone.
#pragma once

#include <array>
#include <optional>

#include "gateway/sequencer/sequencer.h"
#include "gateway/sequencer/witnessed_clock.h"
#include "gateway/store/cases.h"
#include "gateway/store/readers.h"
#include "schemas/contract/limits.h"

namespace kesher::inbox {

struct UpkeepRooms {
    sequencer::Sequencer& sequencer;
    store::Readers& readers;
    const sequencer::WitnessedClock& clock;
    const keys::RowKeys& row_keys;
    const keys::SealedStore& sealed_store;
};

// What has gone unanswered too long, for the alerts of whoever runs the hub: numbers of all bodies together.
struct Unanswered {
    std::array<std::int64_t, std::size(contract::limits::kUnansweredAlerts)>
        referrals{};               // that old and older
    std::int64_t revocations = 0;  // notices, from the day after their last
};

struct UpkeepRun {
    std::size_t changed = 0;               // referrals ended, payloads deleted, claim codes gone
    bool more = false;                     // the look ended at its bound: the next piece may follow at once
    bool clock_doubtful = false;           // nothing was done: the witnesses do not see the hub's time
    std::optional<contract::Code> code{};  // nothing was done: the sequencer was busy or has no database
    [[nodiscard]] bool done() const { return !clock_doubtful && !code; }
};

class Upkeep {
public:
    explicit Upkeep(const UpkeepRooms& rooms) : rooms_(rooms) {}

    // All throw store::DatabaseLost, and store::DatabaseCorrupt for a row that was changed behind the hub.
    // `expire` for referrals whose time is over: walks the open ones page by page, over and over.
    [[nodiscard]] UpkeepRun end_referrals();
    // What the last whole walk of end_referrals met, with the notices as they stand now; none before the
    // first.
    [[nodiscard]] std::optional<Unanswered> unanswered();
    // Payloads 72 h after their last delivery was settled: taken, or refused for good. Those to the hub,
    // which nothing reads again once they are accepted, 72 h after that.
    [[nodiscard]] UpkeepRun delete_payloads();
    // Claim codes of cases that have no referral 24 h after they were opened. Whether one has a referral only
    // the key files tell, so each is looked at once, when its day is over: a referral never goes away again.
    // Where the walk stands is kept in memory alone, and a new start walks once more past all that keep their
    // code.
    [[nodiscard]] UpkeepRun lapse_cases();

private:
    [[nodiscard]] bool clock_agrees() const;
    UpkeepRooms rooms_;
    std::optional<contract::ReferralId> after_;     // where the walk over open referrals goes on
    Unanswered met_;                                // by this walk
    std::optional<Unanswered> met_last_;            // by the one before, whole
    std::optional<store::CasePlace> judged_until_;  // and that over cases
};

}  // namespace kesher::inbox
