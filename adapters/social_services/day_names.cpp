#include "adapters/social_services/day_names.h"

namespace kesher::social_services {
namespace {

constexpr std::uint16_t kLastSequence = 999;

}  // namespace

// Files of referrals count up. Those of later statuses count down from 999, because the names from 001 up
// are those of the replies to the department's own files.
Sequences sequences_for(FileUse use) {
    switch (use) {
        case FileUse::referral:
            return {FileName::Kind::data, 1, kLastSequence};
        case FileUse::status:
            return {FileName::Kind::reply, kLastSequence, kCommonNames + 1};
        case FileUse::common:
            break;
    }
    return {FileName::Kind::reply, kCommonNames, 1};
}

bool is_common_due(std::size_t used, contract::Instant now) {
    const auto passed = now - contract::start_of(contract::day_of(now));
    return std::chrono::days{1} * static_cast<std::int64_t>(used) <= passed * std::int64_t{kCommonFilesADay};
}

}  // namespace kesher::social_services
