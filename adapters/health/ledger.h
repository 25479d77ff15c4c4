// How each referral that the health organisation was given stands, so that a stop at any point neither
// doubles nor loses anything.
//
// Lines are only ever added, each on disk when the call returns; a line cut off by a stop never happened.
// Ids, codes and the far side's own locations: nothing that a record says, nothing about a person. One
// process, one thread. A ledger that cannot be read or written is a broken world: it throws LedgerBroken.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/health/steps.h"
#include "adapters/kit/ledger_file.h"
#include "schemas/contract/ids.h"

namespace kesher::health {

using kit::LedgerBroken;

using record::Given;

// Where it lies on the far side: "Task/17". Empty where there is none.
struct Placed {
    std::string task, service_request, consent;
    friend bool operator==(const Placed&, const Placed&) = default;
};

// A step that is about to be put into the outbox, and where it leads.
struct Intended {
    contract::MessageId message;
    Standing then;
};

class Ledger {
public:
    explicit Ledger(const std::filesystem::path& file);  // makes it, mode 0600, where there is none

    // Before the far side hears of it. The first word on a referral stays.
    void give(const Given& given);
    [[nodiscard]] const Given* given(const contract::ReferralId& referral) const;  // null where there is none
    [[nodiscard]] std::vector<Given> given_under(const contract::ConsentId& consent) const;
    [[nodiscard]] std::vector<Given> open() const;  // that have not ended

    // An attempt to write it there, before a byte of it goes out; and that what became of that attempt is
    // known. In between it may be there, or arrive at any time. So may one of an older ledger, which kept
    // no attempts, that was given and never placed.
    void attempt(const contract::ReferralId& referral, const contract::MessageId& submission);
    void know(const contract::ReferralId& referral);
    [[nodiscard]] bool may_arrive(const contract::ReferralId& referral) const;
    // Under which message; none in an older ledger.
    [[nodiscard]] std::optional<contract::MessageId> attempted(const contract::ReferralId& referral) const;

    // That the exchange, and not the clinic, has ended while they may still arrive, until they are known.
    [[nodiscard]] bool may_arrive_late(const contract::ReferralId& referral) const;
    [[nodiscard]] std::vector<Given> may_arrive_late() const;
    // Since when they are looked for.
    void watch(const contract::ReferralId& referral, contract::Day since);
    [[nodiscard]] std::optional<contract::Day> watched(const contract::ReferralId& referral) const;

    void place(const contract::ReferralId& referral, const Placed& where);
    [[nodiscard]] std::optional<Placed> placed(const contract::ReferralId& referral) const;

    // DELIVERED where nothing was said yet.
    [[nodiscard]] Standing stood(const contract::ReferralId& referral) const;
    void stand(const contract::ReferralId& referral, const Standing& stood);
    // How many steps it took: names the next one, even where it leads back to where it was.
    [[nodiscard]] std::size_t steps(const contract::ReferralId& referral) const;

    // Written before the outbox, and over once stand() was called.
    void intend(const contract::ReferralId& referral, const Intended& intended);
    [[nodiscard]] std::optional<Intended> intended(const contract::ReferralId& referral) const;

    // A name of the appointment that was told, which nobody without the key can make or test.
    void book(const contract::ReferralId& referral, const contract::MessageId& appointment);
    [[nodiscard]] std::optional<contract::MessageId> booked(const contract::ReferralId& referral) const;

    // The hub's notice of a revocation, once what came under it is stopped; until we said so.
    void stop(const contract::ConsentId& consent, const contract::MessageId& notice);
    void acknowledge(const contract::ConsentId& consent);
    [[nodiscard]] std::map<contract::ConsentId, contract::MessageId> unacknowledged() const;

    // An event of ours that the hub refused, once the clinic was told.
    void tell(const contract::MessageId& message);
    [[nodiscard]] bool is_told(const contract::MessageId& message) const { return told_.contains(message); }

private:
    void apply(std::string_view line);
    void append(const std::string& line);
    kit::LedgerFile file_;
    std::map<contract::ReferralId, Given> given_;
    std::map<contract::ReferralId, contract::MessageId> attempted_;
    std::map<contract::ReferralId, bool> unknown_;  // what became of the last attempt
    std::map<contract::ReferralId, contract::Day> watched_;
    std::map<contract::ReferralId, Placed> placed_;
    std::map<contract::ReferralId, Standing> standings_;
    std::map<contract::ReferralId, std::size_t> steps_;
    std::map<contract::ReferralId, Intended> intended_;
    std::map<contract::ReferralId, contract::MessageId> booked_;
    std::map<contract::ConsentId, contract::MessageId> stopped_;
    std::set<contract::ConsentId> acknowledged_;
    std::set<contract::MessageId> told_;
};

}  // namespace kesher::health
