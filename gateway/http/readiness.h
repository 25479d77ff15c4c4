// GET /readyz: whether the hub could keep a promise now, found out by doing what a promise takes.
//
// Signs with the hub's key and verifies it; has the sequencer sign with the log's key a text that is no
// checkpoint, and commit on its own session with the database what no table keeps (sequencer/trial.h); reads
// the last checkpoint through another connection, asks the sequencer's queue for the last leaf's receipt, and
// verifies it with the log's key. No leaf of it: one every few seconds would say nothing that the age of the
// last commit does not say. Done at most once in 5 s, whoever asks how often; while there is no database it
// is not asked at all, because the sequencer looks for it by itself.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/edge/request.h"
#include "gateway/http/hub_rooms.h"
#include "gateway/telemetry/metrics.h"

namespace kesher::http {

class Readiness {
public:
    Readiness(const HubRooms& rooms, telemetry::Metrics& metrics);

    // 200, or 503; lines for a person: `ready` or why not, `last success 2 s ago`, `last commit 9 s ago`,
    // `witnessed 17`, `unwitnessed for 3 s` (the oldest entry that most witnesses have not signed) or `no
    // witness`, `clock agreed` or `clock doubtful`. The last three do not make it unready: acceptance goes on
    // without witnesses, expiry and deletion do not. And witnesses are adapters: where a balancer takes an
    // unready hub away they could not sign any more, and her withdrawal would find nobody.
    [[nodiscard]] edge::Response answer();

private:
    [[nodiscard]] std::string fault();  // empty where all is well
    [[nodiscard]] std::string log_fault() const;
    [[nodiscard]] std::string lines(const std::string& verdict) const;
    [[nodiscard]] std::string witness_line() const;

    const HubRooms& rooms_;
    telemetry::JobHealth& commits_;
    std::mutex mutex_;  // one probe at a time; who comes meanwhile gets its answer
    std::optional<std::chrono::steady_clock::time_point> probed_;
    std::optional<std::chrono::steady_clock::time_point> succeeded_;
    std::string fault_;
    std::string unwitnessed_;  // its line, as it was when it was last found
};

}  // namespace kesher::http
