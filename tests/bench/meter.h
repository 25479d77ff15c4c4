// What a process of this machine costs, as the kernel counts it, and what latencies say.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace kesher::bench {

// Processor time of a process so far, all its threads; and of all processes that it started.
[[nodiscard]] double cpu_seconds(pid_t process);
[[nodiscard]] double cpu_seconds_of_children(pid_t parent);

// The most memory that a process has held at once (VmHWM) since forget_peak.
void forget_peak(pid_t process);
[[nodiscard]] double peak_mebibytes(pid_t process);

// The value at this share of all, 0 to 1; of nothing: 0.
[[nodiscard]] double percentile(std::vector<double> values, double share);
[[nodiscard]] double median(std::vector<double> values);

// The value of one series in Prometheus' text form; throws where it is not there.
[[nodiscard]] double series(std::string_view page, std::string_view name);

}  // namespace kesher::bench
