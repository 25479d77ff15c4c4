// The settlement symbols (סמל יישוב) of the Central Bureau of Statistics, with their names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kesher::social_services {

struct Settlement {
    std::uint16_t symbol;
    std::string_view name_he;
    std::string_view name_en;
};

// Nothing for a symbol that is no settlement; 0 ("not recorded") is none.
[[nodiscard]] std::optional<Settlement> settlement(std::uint16_t symbol);
[[nodiscard]] std::size_t settlement_count();

}  // namespace kesher::social_services
