#include "adapters/kit/retry.h"

#include <algorithm>
#include <charconv>

namespace kesher::kit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLongestAsked{24 * 60 * 60};
constexpr std::uint32_t kDoublings = 16;  // far beyond kLongestDelay, and no overflow

DelayRange doubled(milliseconds first, milliseconds longest, std::uint32_t attempts) {
    const std::uint32_t doublings = std::min(attempts == 0 ? 0 : attempts - 1, kDoublings);
    const milliseconds most = std::min(first * (std::int64_t{1} << doublings), longest);
    return {most / 4, most};
}

}  // namespace

DelayRange delay_range(std::uint32_t attempts) { return doubled(kFirstDelay, kLongestDelay, attempts); }

DelayRange unproven_delay_range(std::uint32_t attempts) {
    return doubled(kFirstUnprovenDelay, kLongestUnprovenDelay, attempts);
}

milliseconds point_of(DelayRange range, std::uint64_t random) {
    const auto width = static_cast<std::uint64_t>((range.most - range.least).count()) + 1;
    return range.least + milliseconds{static_cast<std::int64_t>(random % width)};
}

std::optional<RetryWord> parse_retry(std::string_view text) {
    if (text == "no") return RetryWord{contract::Retry::no, {}};
    if (text == "same") return RetryWord{contract::Retry::same, {}};
    constexpr std::string_view kAfter = "after ";
    if (!text.starts_with(kAfter)) return std::nullopt;
    const std::string_view digits = text.substr(kAfter.size());
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
    std::int64_t asked = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), asked);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || asked < 0) return std::nullopt;
    return RetryWord{contract::Retry::after, std::min(seconds{asked}, kLongestAsked)};
}

std::optional<DelayRange> delay_after(RetryWord word, std::uint32_t attempts) {
    if (word.retry == contract::Retry::no) return std::nullopt;
    DelayRange range = delay_range(attempts);
    // What the hub asked for is a floor: the jitter comes on top, or all would come back together.
    range.least += word.after;
    range.most += word.after;
    return range;
}

}  // namespace kesher::kit
