// The name of a department's file: IHUB_<symbol>_<yyyymmdd>_<seq>.DAT, its reply the same with .MSV.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/social_services/department_file.h"

namespace kesher::social_services {

struct FileName {
    enum class Kind { data, reply };
    Authority authority;  // "5000" a settlement's symbol, "C0012" a regional council's
    contract::Day day;
    std::uint16_t sequence = 1;  // 1 to 999, written with three digits
    Kind kind = Kind::data;
    friend bool operator==(const FileName&, const FileName&) = default;
};

// One spelling a name: upper case, symbols with four digits. Anything else is nothing of ours.
[[nodiscard]] std::optional<FileName> parse_file_name(std::string_view name);
[[nodiscard]] std::string text(const FileName& name);
[[nodiscard]] FileName reply_to(const FileName& name);

}  // namespace kesher::social_services
