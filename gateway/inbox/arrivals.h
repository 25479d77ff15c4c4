// Wakes polls that wait, in this process: nothing of the database is asked while nothing happens.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>

#include "schemas/contract/ids.h"

namespace kesher::inbox {

class Arrivals {
public:
    // Two polls an organisation; the third is refused `busy`.
    class Poll {
    public:
        ~Poll();
        Poll(Poll&& other) noexcept;
        Poll& operator=(Poll&&) = delete;

    private:
        friend class Arrivals;
        Poll(Arrivals& arrivals, contract::OrganisationId id) : arrivals_(&arrivals), id_(std::move(id)) {}
        Arrivals* arrivals_;
        contract::OrganisationId id_;
    };
    [[nodiscard]] std::optional<Poll> begin(const contract::OrganisationId& id);

    void arrived(const contract::OrganisationId& id);
    // How often something has arrived so far: what to wait past.
    [[nodiscard]] std::uint64_t count(const contract::OrganisationId& id);
    // Until something has arrived since `seen`, the time is over, or the server stops.
    void wait(const contract::OrganisationId& id, std::uint64_t seen, std::chrono::milliseconds within,
              const std::stop_token& stopping);

private:
    struct Mailbox {
        std::uint64_t arrivals = 0;
        std::size_t polls = 0;
    };
    std::mutex mutex_;
    std::condition_variable_any something_;
    std::map<contract::OrganisationId, Mailbox> mailboxes_;
};

}  // namespace kesher::inbox
