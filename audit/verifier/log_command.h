// kesher-verify log: whether a copy of a log is whole, is what the log signed, and only ever grew.
//
// Where something was changed, the entry or the tile is named: what leads to the signed root is right,
// and what differs from it is not. A copy comes over HTTP as the same files; fetching them is no part of
// this program, which has no network.
#pragma once

#include <optional>
#include <string>

#include "audit/verifier/finding.h"

namespace kesher::verifier {

struct LogQuestion {
    std::string folder;              // checkpoint, tile/<L>/<N>, tile/entries/<N> (C2SP tlog-tiles)
    std::string log_key;             // a vkey, or a file with one
    std::optional<std::string> old;  // file: a checkpoint of the same log, seen earlier
};
[[nodiscard]] OrUsage<Finding> check_log(const LogQuestion& question);

}  // namespace kesher::verifier
