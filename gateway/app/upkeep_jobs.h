// The hub's own work, turn by turn on one thread: referrals that expire, payloads that go, cases that lapse.
#pragma once

#include <functional>
#include <vector>

#include "gateway/http/hub_rooms.h"
#include "gateway/inbox/upkeep.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"

namespace kesher::app {

class UpkeepJobs {
public:
    UpkeepJobs(const http::HubRooms& rooms, telemetry::Log& log, telemetry::Metrics& metrics);
    UpkeepJobs(const UpkeepJobs&) = delete;
    UpkeepJobs& operator=(const UpkeepJobs&) = delete;

    // Every job once, a few pieces each; never throws. A job that could not work shows as a growing age of
    // its last success: referral_expiry, payload_deletion, case_lapse. While the witnesses' clocks do not
    // agree with the hub's, none works, and the log says `clock` once when that begins and once when it ends.
    void run_once();

private:
    struct Job {
        telemetry::JobHealth* health;
        telemetry::Counter* changed;
        std::function<inbox::UpkeepRun()> piece;
    };
    void run(Job& job);
    void tell_clock(bool doubtful);

    telemetry::Log& log_;
    inbox::Upkeep upkeep_;
    std::vector<Job> jobs_;
    bool clock_doubtful_ = false;
};

}  // namespace kesher::app
