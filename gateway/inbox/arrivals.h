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
    // Two polls a connection's certificate; the third is refused `busy`. Whoever holds another certificate of
    // the body takes none of them away.
    class Poll {
    public:
        ~Poll();
        Poll(Poll&& other) noexcept;
        Poll& operator=(Poll&&) = delete;

    private:
        friend class Arrivals;
        Poll(Arrivals& arrivals, const contract::Digest& certificate)
            : arrivals_(&arrivals), certificate_(certificate) {}
        Arrivals* arrivals_;
        contract::Digest certificate_;
    };
    [[nodiscard]] std::optional<Poll> begin(const contract::Digest& certificate);

    void arrived(const contract::OrganisationId& id);
    // How often something has arrived so far: what to wait past.
    [[nodiscard]] std::uint64_t count(const contract::OrganisationId& id);
    // Until something has arrived since `seen`, the time is over, or the server stops.
    void wait(const contract::OrganisationId& id, std::uint64_t seen, std::chrono::milliseconds within,
              const std::stop_token& stopping);

private:
    std::mutex mutex_;
    std::condition_variable_any something_;
    std::map<contract::OrganisationId, std::uint64_t> arrivals_;
    std::map<contract::Digest, std::size_t> polls_;  // of each certificate that has one
};

}  // namespace kesher::inbox
