// Which of the 999 names of a day a file of ours may have, and when the next common one is due. Pure.
//
// How many steps another body sends is its own choice, and none of them may use up the name that an end
// needs: that she withdrew is to be read today. Nor may a step wait for tomorrow: the hub keeps behind it
// what ends its referral. So the last 250 names of a day's statuses are common ones: a file under one bears
// all that waits, and 200 of them are spent evenly over the day: however much comes, and however it is
// spread, the next is never further away than 24 h / 200. The other 50 make up for those that the department
// takes, whose own files are numbered from 001.
#pragma once

#include "adapters/social_services/file_name.h"

namespace kesher::social_services {

inline constexpr std::uint16_t kCommonNames = 250;
inline constexpr std::uint16_t kCommonFilesADay = 200;

enum class FileUse { referral, status, common };

struct Sequences {
    FileName::Kind kind;
    std::uint16_t first, last;  // taken in this order, up or down
};
[[nodiscard]] Sequences sequences_for(FileUse use);

// `used`: the common names of the day of `now` that we used.
[[nodiscard]] bool is_common_due(std::size_t used, contract::Instant now);

}  // namespace kesher::social_services
