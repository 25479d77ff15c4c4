// Refusals that get no leaf each: counted per organisation, code and minute (contract.md 5).
//
// Everything refused before its signature holds, every 401, and what one organisation repeats more
// than 60 times a minute, or fewer where the settings say so. A flood cannot fill the log, and a sender's
// unverified bytes never reach it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "gateway/sequencer/request.h"
#include "schemas/contract/limits.h"

namespace kesher::sequencer {

class RefusalCounts {
public:
    explicit RefusalCounts(std::size_t logged_a_minute = contract::limits::kVerifiedRefusalsPerMinute)
        : logged_a_minute_(logged_a_minute) {}

    using Minute = std::chrono::sys_time<std::chrono::minutes>;
    struct Count {
        contract::OrganisationId organisation;
        contract::Code code;
        Minute minute;
        std::uint32_t count;
    };

    void add(const contract::OrganisationId& organisation, contract::Code code, contract::Instant at);
    // True while a verified refusal of this organisation and code still gets a leaf of its own.
    [[nodiscard]] bool may_log(const contract::OrganisationId& organisation, contract::Code code,
                               contract::Instant at);
    // Takes out what was counted in minutes that are over, or all of it when the hub ends.
    [[nodiscard]] std::vector<Count> take(contract::Instant at, bool all);
    // What was taken and could not be stored: the next take() has it again.
    void give_back(const std::vector<Count>& counts);

private:
    struct Key {
        contract::OrganisationId organisation;
        contract::Code code;
        Minute minute;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    const std::size_t logged_a_minute_;
    std::mutex mutex_;
    std::map<Key, std::uint32_t> counted_;
    std::map<Key, std::uint32_t> verified_;
};

// One leaf a count: event `counted`, line 1 `-`.
class CountedRequest final : public Request {
public:
    explicit CountedRequest(std::vector<RefusalCounts::Count> counts) : counts_(std::move(counts)) {}
    void want(Wanted&) const override {}
    [[nodiscard]] Answer decide(Turn& turn) override;

private:
    std::vector<RefusalCounts::Count> counts_;
};

}  // namespace kesher::sequencer
