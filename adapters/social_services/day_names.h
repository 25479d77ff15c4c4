// Which of the 999 names of a day a file of ours may have, and when the next one for ends is due. Pure.
//
// How many steps another body sends is its own choice, and none of them may use up the name that an end
// needs: that she withdrew is to be read today. So the last 200 names of a day's statuses are for ends alone,
// a file under one bears every end that waits, and they are spent evenly over the day: however many ends
// come, and however they are spread, the next name is never further away than 24 h / 200.
#pragma once

#include "adapters/social_services/file_name.h"

namespace kesher::social_services {

inline constexpr std::uint16_t kNamesForEnds = 200;

enum class FileUse { referral, status, ends };

struct Sequences {
    FileName::Kind kind;
    std::uint16_t first, last;  // taken in this order, up or down
};
[[nodiscard]] Sequences sequences_for(FileUse use);

// `used`: of the names for ends, those of the day of `now`.
[[nodiscard]] bool is_due_for_ends(std::size_t used, contract::Instant now);

}  // namespace kesher::social_services
