#include "gateway/app/upkeep_jobs.h"

namespace kesher::app {
namespace {

// Pieces of one job in a row: the others come to their turn, and the hub ends when it is told to.
constexpr int kPiecesInARow = 8;

// The ages of limits::kUnansweredAlerts.
constexpr telemetry::Word kReferralsUnanswered = "kesher_referrals_unanswered";
constexpr telemetry::Word kReferralsUnansweredHelp =
    "Referrals that their recipient took so long ago and has not answered.";
static_assert(std::size(contract::limits::kUnansweredAlerts) == 3);

}  // namespace

UpkeepJobs::UpkeepJobs(const http::HubRooms& rooms, telemetry::Log& log, telemetry::Metrics& metrics)
    : rooms_(rooms),
      log_(log),
      upkeep_({rooms.sequencer(), rooms.insight.readers, rooms.witnessed_clock, rooms.insight.row_keys,
               rooms.insight.sealed_store}),
      unanswered_referrals_{&metrics.gauge(kReferralsUnanswered, kReferralsUnansweredHelp, {{"for", "72h"}}),
                            &metrics.gauge(kReferralsUnanswered, kReferralsUnansweredHelp, {{"for", "7d"}}),
                            &metrics.gauge(kReferralsUnanswered, kReferralsUnansweredHelp, {{"for", "21d"}})},
      unanswered_revocations_(
          metrics.gauge("kesher_revocations_unanswered",
                        "Notices of withdrawal that no signed answer followed within seven days.")),
      unwitnessed_(metrics.gauge("kesher_unwitnessed_seconds",
                                 "Age of the oldest entry of the log that most witnesses have not signed; 0 "
                                 "where there is no witness.")) {
    jobs_.push_back({&metrics.job("referral_expiry"),
                     &metrics.counter("kesher_referrals_expired_total", "Referrals that the hub expired."),
                     [this] {
                         const inbox::UpkeepRun run = upkeep_.end_referrals();
                         if (run.done() && !run.more) tell_unanswered();
                         return run;
                     }});
    jobs_.push_back(
        {&metrics.job("payload_deletion"),
         &metrics.counter("kesher_payloads_deleted_total", "Payloads deleted when their time was over."),
         [this] { return upkeep_.delete_payloads(); }});
    jobs_.push_back({&metrics.job("case_lapse"),
                     &metrics.counter("kesher_cases_lapsed_total", "Cases without a referral that lapsed."),
                     [this] { return upkeep_.lapse_cases(); }});
}

void UpkeepJobs::run_once() {
    for (Job& job : jobs_) run(job);
    tell_unwitnessed();
}

void UpkeepJobs::run(Job& job) {
    try {
        for (int piece = 0; piece < kPiecesInARow; ++piece) {
            const inbox::UpkeepRun run = job.piece();
            tell_clock(run.clock_doubtful);
            if (!run.done()) return job.health->failed();
            job.changed->add(run.changed);
            if (!run.more) break;
        }
        job.health->succeeded();
    } catch (const std::exception& fault) {
        // Nothing is half done: each piece is one transaction. The next turn tries again.
        job.health->failed();
        log_.write(telemetry::Level::warning, "upkeep_failed",
                   {{"reason", telemetry::Diagnostic{fault.what()}}});
    }
}

void UpkeepJobs::tell_unanswered() {
    const auto unanswered = upkeep_.unanswered();
    if (!unanswered) return;
    for (std::size_t i = 0; i < unanswered_referrals_.size(); ++i) {
        unanswered_referrals_.at(i)->set(unanswered->referrals.at(i));
    }
    unanswered_revocations_.set(unanswered->revocations);
}

void UpkeepJobs::tell_unwitnessed() {
    try {
        const auto age =
            rooms_.witnessing.unwitnessed_for(*rooms_.sequencer().registry(), rooms_.sequencer().now());
        unwitnessed_.set(
            std::chrono::floor<std::chrono::seconds>(age.value_or(std::chrono::seconds{0})).count());
    } catch (const std::exception& fault) {
        log_.write(telemetry::Level::warning, "upkeep_failed",
                   {{"reason", telemetry::Diagnostic{fault.what()}}});
    }
}

void UpkeepJobs::tell_clock(bool doubtful) {
    if (doubtful == clock_doubtful_) return;
    clock_doubtful_ = doubtful;
    log_.write(doubtful ? telemetry::Level::warning : telemetry::Level::info, "clock",
               {{"agreed", !doubtful}});
}

}  // namespace kesher::app
