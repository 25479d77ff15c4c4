// The hub's own work, turn by turn on one thread: referrals that expire, payloads that go, cases that lapse.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "gateway/http/hub_rooms.h"
#include "gateway/inbox/upkeep.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/metrics.h"
#include "schemas/contract/limits.h"

namespace kesher::app {

class UpkeepJobs {
public:
    UpkeepJobs(const http::HubRooms& rooms, telemetry::Log& log, telemetry::Metrics& metrics);
    UpkeepJobs(const UpkeepJobs&) = delete;
    UpkeepJobs& operator=(const UpkeepJobs&) = delete;

    // Every job once, a few pieces each; never throws. A job that could not work shows as a growing age of
    // its last success: referral_expiry, payload_deletion, case_lapse. While the witnesses' clocks do not
    // agree with the hub's, none works, and the log says `clock` once when that begins and once when it ends.
    // How much has gone unanswered too long, and for how long most witnesses have not signed, is said by
    // gauges, for whoever runs the hub to be alerted.
    void run_once();

private:
    struct Job {
        telemetry::JobHealth* health;
        telemetry::Counter* changed;
        std::function<inbox::UpkeepRun()> piece;
    };
    void run(Job& job);
    void tell_unanswered();
    void tell_unwitnessed();
    void tell_clock(bool doubtful);

    const http::HubRooms& rooms_;
    telemetry::Log& log_;
    inbox::Upkeep upkeep_;
    std::vector<Job> jobs_;
    std::array<telemetry::Gauge*, std::size(contract::limits::kUnansweredAlerts)> unanswered_referrals_;
    telemetry::Gauge& unanswered_revocations_;
    telemetry::Gauge& unwitnessed_;
    bool clock_doubtful_ = false;
};

}  // namespace kesher::app
