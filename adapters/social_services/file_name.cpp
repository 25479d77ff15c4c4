#include "adapters/social_services/file_name.h"

#include <cassert>

namespace kesher::social_services {
namespace {

constexpr std::string_view kStart = "IHUB_";

std::optional<std::uint16_t> digits(std::string_view text) {
    std::uint16_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = static_cast<std::uint16_t>(number * 10 + (c - '0'));
    }
    return number;
}

std::string padded(unsigned number, std::size_t width) {
    const std::string text = std::to_string(number);
    assert(text.size() <= width);
    return std::string(width - text.size(), '0') + text;
}

std::optional<contract::Day> day_of(std::string_view text) {
    return contract::parse_day(std::string(text.substr(0, 4)) + '-' + std::string(text.substr(4, 2)) + '-' +
                               std::string(text.substr(6, 2)));
}

}  // namespace

std::optional<FileName> parse_file_name(std::string_view name) {
    if (!name.starts_with(kStart)) return std::nullopt;
    name.remove_prefix(kStart.size());
    const bool council = name.starts_with('C');
    if (council) name.remove_prefix(1);
    if (name.size() != 21 || name[4] != '_' || name[13] != '_') return std::nullopt;  // 5000_20261121_001.DAT
    const auto symbol = digits(name.substr(0, 4));
    const auto day = day_of(name.substr(5, 8));
    const auto sequence = digits(name.substr(14, 3));
    const std::string_view ending = name.substr(17);
    if (!symbol || *symbol == 0 || !day || !sequence || *sequence == 0) return std::nullopt;
    if (ending != ".DAT" && ending != ".MSV") return std::nullopt;
    return FileName{{council ? Authority::Kind::regional_council : Authority::Kind::settlement, *symbol},
                    *day,
                    *sequence,
                    ending == ".DAT" ? FileName::Kind::data : FileName::Kind::reply};
}

std::string text(const FileName& name) {
    std::string day = contract::text(name.day);
    std::erase(day, '-');
    return std::string(kStart) + (name.authority.kind == Authority::Kind::regional_council ? "C" : "") +
           padded(name.authority.symbol, 4) + '_' + day + '_' + padded(name.sequence, 3) +
           (name.kind == FileName::Kind::data ? ".DAT" : ".MSV");
}

FileName reply_to(const FileName& name) {
    FileName reply = name;
    reply.kind = FileName::Kind::reply;
    return reply;
}

}  // namespace kesher::social_services
