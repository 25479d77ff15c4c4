#include "schemas/codec/field_rules.h"

namespace kesher::codec {
namespace {

using contract::Day;
using contract::Instant;

// The years of contract::parse_day: a day outside them is a mistake in a unit.
constexpr Day kFirstDay = std::chrono::sys_days{std::chrono::year{1900} / 1 / 1};
constexpr Day kLastDay = std::chrono::sys_days{std::chrono::year{2199} / 12 / 31};

bool is_day(Day day) { return day >= kFirstDay && day <= kLastDay; }
bool is_instant(Instant instant) { return is_day(contract::day_of(instant)); }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

std::optional<std::string> kept(bool holds, std::string_view text) {
    return holds ? std::optional<std::string>(text) : std::nullopt;
}

bool is_text(std::string_view text) {
    return contract::is_utf8(text) && text.find('\0') == std::string_view::npos;
}

}  // namespace

bool Text::holds(std::string_view text) const {
    if (!is_text(text)) return false;
    if (one_line && std::any_of(text.begin(), text.end(), is_control)) return false;
    const auto continuing =
        static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
    const std::size_t characters = text.size() - continuing;
    return characters >= least && characters <= most;
}
bool Text::write(Writer& out, const std::string& value) const { return out.text(value), holds(value); }
std::optional<std::string> Text::read(AvroNode node) const { return kept(holds(node.text()), node.text()); }

bool Document::holds(std::string_view text) const {
    return !text.empty() && text.size() <= most && is_text(text);
}
bool Document::write(Writer& out, const std::string& value) const { return out.text(value), holds(value); }
std::optional<std::string> Document::read(AvroNode node) const {
    return kept(holds(node.text()), node.text());
}

bool Formed::write(Writer& out, const std::string& value) const { return out.text(value), is_formed(value); }
std::optional<std::string> Formed::read(AvroNode node) const {
    return kept(is_formed(node.text()), node.text());
}

bool Blob::write(Writer& out, const contract::Bytes& value) const {
    out.bytes(value);
    return value.size() <= most && (is_formed == nullptr || is_formed(value));
}
std::optional<contract::Bytes> Blob::read(AvroNode node) const {
    const contract::ByteView content = node.bytes();
    if (content.size() > most || (is_formed != nullptr && !is_formed(content))) return std::nullopt;
    return contract::Bytes(content.begin(), content.end());
}

bool DayRule::write(Writer& out, Day value) const {
    out.number(value.time_since_epoch().count());
    return is_day(value);
}
std::optional<Day> DayRule::read(AvroNode node) const {
    const Day day{std::chrono::days{node.number()}};
    return is_day(day) ? std::optional(day) : std::nullopt;
}

bool InstantRule::write(Writer& out, Instant value) const {
    out.number(value.time_since_epoch().count());
    return is_instant(value);
}
std::optional<Instant> InstantRule::read(AvroNode node) const {
    const Instant instant{std::chrono::milliseconds{node.number()}};
    return is_instant(instant) ? std::optional(instant) : std::nullopt;
}

bool MonthRule::write(Writer& out, std::chrono::year_month value) const {
    return DayRule{}.write(out, std::chrono::sys_days{value / 1}) && value.ok();
}
std::optional<std::chrono::year_month> MonthRule::read(AvroNode node) const {
    const auto day = DayRule{}.read(node);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{*day};
    if (date.day() != std::chrono::day{1}) return std::nullopt;
    return date.year() / date.month();
}

bool Leaf::write(Writer& out, contract::LeafIndex value) const {
    const auto index = static_cast<std::int64_t>(contract::number(value));
    out.number(index);
    return index >= 0;
}
std::optional<contract::LeafIndex> Leaf::read(AvroNode node) const {
    const std::int64_t index = node.number();
    if (index < 0) return std::nullopt;
    return contract::LeafIndex{static_cast<std::uint64_t>(index)};
}

}  // namespace kesher::codec
