// What one sending body has ready before the clock runs: consents in force, and requests signed and packed.
//
// Every referral is its own: drawn ids, fresh salts, a statement signed for it alone, under a consent that
// the hub recorded. Its payload is exactly 1 KiB: the sealed part is text of the right length in the place
// of a JWE, because a real one has at least 5.5 KiB and the hub can open neither. Eight referrals share a
// case, as the programme expects at most.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/line.h"

namespace kesher::bench {

inline constexpr std::size_t kPayloadBytes = 1'024;
inline constexpr std::size_t kReferralsPerCase = 8;

struct Parties {
    std::string folder;  // of the enrolled sender's keys
    std::string officer;
    std::string recipient;
};

class Workload {
public:
    Workload(const Parties& parties, std::uint16_t hub_port);
    ~Workload();
    Workload(const Workload&) = delete;
    Workload& operator=(const Workload&) = delete;

    [[nodiscard]] const Credentials& credentials() const;
    // Opens cases at the hub and records a consent for each, enough for so many referrals.
    void prepare_cases(std::size_t referrals);
    // Requests to the hub; each case gives no more than its share.
    [[nodiscard]] std::vector<std::string> referrals(std::size_t count);
    // Requests to the floor: signature and 1 KiB.
    [[nodiscard]] std::vector<std::string> plain_messages(std::size_t count) const;
    // Entries that the hub's log has now.
    [[nodiscard]] std::uint64_t log_size();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kesher::bench
