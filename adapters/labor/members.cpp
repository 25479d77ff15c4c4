#include "adapters/labor/members.h"

#include <algorithm>
#include <charconv>

#include "adapters/record/israel_time.h"

namespace kesher::labor {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// RFC 6901, section 3.
std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return std::nullopt;
    int number = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

// RFC 3339, section 5.6, without a leap second. What toolkits write behind a second is read and dropped.
struct Timestamp {
    contract::Day day;
    std::chrono::seconds time{};
    std::chrono::minutes offset{};
    bool has_fraction = false;  // that is not all zeros
    [[nodiscard]] contract::Instant instant() const { return contract::start_of(day) + time - offset; }
};
std::optional<Timestamp> timestamp_in(std::string_view text) {
    if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto day = contract::parse_day(text.substr(0, 10));
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    Timestamp read{*day,
                   std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second}};
    std::string_view zone = text.substr(19);
    if (zone.starts_with('.')) {
        const std::size_t end = std::min(zone.find_first_not_of("0123456789", 1), zone.size());
        if (end < 2 || end > 10) return std::nullopt;
        read.has_fraction = zone.substr(1, end - 1).find_first_not_of('0') != std::string_view::npos;
        zone.remove_prefix(end);
    }
    if (zone == "Z") return read;
    const auto hours = digits(zone, 1, 2), minutes = digits(zone, 4, 2);
    if (zone.size() != 6 || zone[3] != ':' || !hours || !minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    if (zone[0] != '+' && zone[0] != '-') return std::nullopt;
    read.offset = (zone[0] == '+' ? 1 : -1) * (std::chrono::hours{*hours} + std::chrono::minutes{*minutes});
    return read;
}

// "PT30M", and no other of ISO 8601's spellings.
std::optional<std::int32_t> minutes_in(std::string_view duration) {
    if (!duration.starts_with("PT") || !duration.ends_with("M") || duration.size() < 4) return std::nullopt;
    const std::string_view text = duration.substr(2, duration.size() - 3);
    std::int32_t minutes = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), minutes);
    const bool whole = fault == std::errc{} && end == text.data() + text.size();
    return whole && minutes >= 1 && minutes <= 1440 ? std::optional(minutes) : std::nullopt;
}

}  // namespace

std::string Members::pointer_to(std::string_view field) const {
    return pointer_ + '/' + escaped(mapping_.name(field));
}

void Members::note(std::string_view field, Flaw flaw) { faults_.push_back({0, pointer_to(field), flaw}); }

const json::Value* Members::find(std::string_view field) {
    const std::string& name = mapping_.name(field);
    asked_.insert(name);
    return object_.find(name);
}

std::optional<std::string> Members::text(std::string_view field, std::size_t most) {
    const json::Value* found = find(field);
    if (found == nullptr) return std::nullopt;
    if (found->text() == nullptr) {
        note(field, Flaw::value);
        return std::nullopt;
    }
    if (is_blank(*found->text()) || found->text()->size() > most) {
        note(field, Flaw::empty_or_long);
        return std::nullopt;
    }
    return *found->text();
}

std::optional<std::string_view> Members::raw(std::string_view field) {
    const json::Value* found = find(field);
    if (found == nullptr || found->text() == nullptr) return std::nullopt;
    return *found->text();
}

std::string Members::must(std::string_view field, std::size_t most) {
    const std::size_t before = faults_.size();
    auto said = text(field, most);
    if (!said && faults_.size() == before) note(field, Flaw::missing);
    return std::move(said).value_or("");
}

std::optional<Members> Members::part(std::string_view field) {
    const json::Value* found = find(field);
    if (found == nullptr) return std::nullopt;
    if (found->members() == nullptr) {
        note(field, Flaw::value);
        return std::nullopt;
    }
    return Members(*found, pointer_to(field), mapping_, faults_);
}

std::vector<Members> Members::parts(std::string_view field) {
    std::vector<Members> read;
    const json::Value* found = find(field);
    if (found == nullptr) return read;
    const json::Value::Array* array = found->array();
    if (array == nullptr ||
        !std::ranges::all_of(*array, [](const json::Value& each) { return each.members() != nullptr; })) {
        note(field, Flaw::value);
        return read;
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
        read.emplace_back((*array)[i], pointer_to(field) + '/' + std::to_string(i), mapping_, faults_);
    }
    return read;
}

std::vector<std::string> Members::texts(std::string_view field, std::size_t most) {
    std::vector<std::string> read;
    const json::Value* found = find(field);
    if (found == nullptr) return read;
    if (found->array() == nullptr) {
        note(field, Flaw::value);
        return read;
    }
    for (const json::Value& each : *found->array()) {
        if (each.text() == nullptr || is_blank(*each.text()) || each.text()->size() > most) {
            note(field, Flaw::empty_or_long);
        } else {
            read.push_back(*each.text());
        }
    }
    return read;
}

std::optional<std::int64_t> Members::number(std::string_view field) {
    const json::Value* found = find(field);
    if (found == nullptr) return std::nullopt;
    if (found->integer() == nullptr) {
        note(field, Flaw::not_a_number);
        return std::nullopt;
    }
    return *found->integer();
}

std::int32_t Members::minute(std::string_view field) {
    const std::string said = must(field, kCodeBytes);
    if (said.empty()) return 0;
    const auto hour = digits(said, 0, 2), minute = digits(said, 3, 2);
    const bool whole = said.size() == 5 && said[2] == ':' && hour && minute && *minute < 60;
    const int minutes = whole ? *hour * 60 + *minute : -1;
    if (minutes >= 0 && minutes <= 1440) return minutes;
    note(field, Flaw::not_a_time);
    return 0;
}

std::size_t Members::surplus() const {
    const auto* members = object_.members();
    if (members == nullptr) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        *members, [&](const json::Member& each) { return !asked_.contains(each.key); }));
}

std::optional<codec::Appointment> read_schedule(Members& data) {
    auto schedule = data.part("data.schedule");
    if (!schedule) return std::nullopt;
    codec::Appointment appointment;
    const std::string start = schedule->must("schedule.start", 40);
    const std::string duration = schedule->must("schedule.minutes", 40);
    appointment.place = schedule->must("schedule.place", kShortBytes);
    const auto minutes = minutes_in(duration);
    if (!minutes && !duration.empty()) schedule->note("schedule.minutes", Flaw::value);
    appointment.minutes = minutes.value_or(appointment.minutes);
    const auto read = timestamp_in(start);
    if (!read) {
        if (!start.empty()) schedule->note("schedule.start", Flaw::not_a_day);
        return appointment;
    }
    appointment.slot = read->instant();
    // What the wall shows then is what was written: so no hour that the clocks jump over, and no other
    // offset.
    const bool whole = read->time % std::chrono::minutes{1} == std::chrono::seconds{0} && !read->has_fraction;
    if (!whole || record::wall_time(appointment.slot) != record::WallTime{read->day, read->time}) {
        schedule->note("schedule.start", Flaw::not_a_time);
    }
    return appointment;
}

std::optional<contract::Day> day_in(std::string_view timestamp) {
    const auto read = timestamp_in(timestamp);
    if (!read) return std::nullopt;
    return contract::parse_day(contract::text(record::wall_time(read->instant()).day));  // within its years
}

}  // namespace kesher::labor
