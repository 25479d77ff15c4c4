#include "adapters/national_insurance/fields.h"

#include <algorithm>
#include <charconv>

#include "adapters/record/israel_time.h"

namespace kesher::national_insurance {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

const std::string& Fields::name(std::string_view field) {
    const std::string& name = mapping_.name(field);
    asked_.insert(name);
    return name;
}

void Fields::note(std::string_view field, Flaw flaw) {
    const std::string& named = name(field);
    unsigned line = element_.line;
    for (const Element& child : element_.children) {
        if (child.name == named) line = child.line;  // of the last, where it stands twice
    }
    faults_.push_back({line, named, flaw});
}

const Element* Fields::only(std::string_view field) {
    const std::string& named = name(field);
    const Element* found = element_.only("", named);
    if (found == nullptr && element_.count("", named) > 1) note(field, Flaw::twice);
    return found;
}

std::optional<std::string> Fields::text(std::string_view field, std::size_t most) {
    const Element* found = only(field);
    if (found == nullptr) return std::nullopt;
    if (!found->children.empty()) {
        note(field, Flaw::value);
        return std::nullopt;
    }
    if (is_blank(found->text) || found->text.size() > most) {
        note(field, Flaw::empty_or_long);
        return std::nullopt;
    }
    return found->text;
}

std::optional<std::string_view> Fields::raw(std::string_view field) {
    const Element* found = only(field);
    if (found == nullptr || !found->children.empty()) return std::nullopt;
    return found->text;
}

std::string Fields::must(std::string_view field, std::size_t most) {
    const std::size_t before = faults_.size();
    auto said = text(field, most);
    if (!said && faults_.size() == before) note_missing(field);
    return std::move(said).value_or("");
}

std::optional<Fields> Fields::part(std::string_view field) {
    const Element* found = only(field);
    if (found == nullptr) return std::nullopt;
    return Fields(*found, mapping_, faults_);
}

std::vector<Fields> Fields::parts(std::string_view field) {
    const std::string& named = name(field);
    std::vector<Fields> found;
    for (const Element& child : element_.children) {
        if (child.space.empty() && child.name == named) found.emplace_back(child, mapping_, faults_);
    }
    return found;
}

std::vector<std::string> Fields::texts(std::string_view field, std::size_t most) {
    const std::string& named = name(field);
    std::vector<std::string> found;
    for (const Element& child : element_.children) {
        if (!child.space.empty() || child.name != named) continue;
        if (!child.children.empty() || is_blank(child.text) || child.text.size() > most) {
            faults_.push_back({child.line, named, Flaw::empty_or_long});
        } else {
            found.push_back(child.text);
        }
    }
    return found;
}

std::optional<std::int64_t> Fields::number(std::string_view field) {
    const auto said = text(field, 20);
    if (!said) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(said->data(), said->data() + said->size(), number);
    if (fault == std::errc{} && end == said->data() + said->size()) return number;
    note(field, Flaw::not_a_number);
    return std::nullopt;
}

std::optional<std::int32_t> Fields::small_number(std::string_view field, std::int32_t least,
                                                 std::int32_t most) {
    const auto found = number(field);
    if (!found) return std::nullopt;
    if (*found >= least && *found <= most) return static_cast<std::int32_t>(*found);
    note(field, Flaw::value);
    return std::nullopt;
}

std::int32_t Fields::must_number(std::string_view field, std::int32_t least, std::int32_t most) {
    static_cast<void>(must(field, kCodeBytes));
    return small_number(field, least, most).value_or(least);
}

std::optional<contract::Day> Fields::day(std::string_view field) {
    auto said = text(field, 14);
    if (!said) return std::nullopt;
    if (said->size() == 14 && said->ends_with("000000")) said->resize(8);
    const bool digits = said->size() == 8 &&
                        std::all_of(said->begin(), said->end(), [](char c) { return c >= '0' && c <= '9'; });
    const auto day =
        digits ? contract::parse_day(said->substr(0, 4) + "-" + said->substr(4, 2) + "-" + said->substr(6, 2))
               : std::nullopt;
    if (!day) note(field, Flaw::not_a_day);
    return day;
}

std::size_t Fields::surplus() const {
    return static_cast<std::size_t>(std::count_if(
        element_.children.begin(), element_.children.end(),
        [&](const Element& child) { return !child.space.empty() || !asked_.contains(child.name); }));
}

std::optional<codec::Appointment> read_appointment(Fields& referral) {
    auto fields = referral.part("appointment.element");
    if (!fields) return std::nullopt;
    codec::Appointment appointment{.minutes = fields->must_number("appointment.minutes", 1, 1440),
                                   .place = fields->must("appointment.place", kShortBytes)};
    const std::string slot = fields->must("appointment.slot", 14);
    const std::int32_t offset = fields->must_number("appointment.offset", 0, 180);
    const bool digits = slot.size() == 14 && slot.ends_with("00") &&
                        std::ranges::all_of(slot, [](char c) { return c >= '0' && c <= '9'; });
    const auto day =
        digits ? contract::parse_day(slot.substr(0, 4) + "-" + slot.substr(4, 2) + "-" + slot.substr(6, 2))
               : std::nullopt;
    if (!day) {
        if (!slot.empty()) fields->note("appointment.slot", Flaw::not_a_day);
        return appointment;
    }
    const int hour = (slot[8] - '0') * 10 + (slot[9] - '0');
    const int minute = (slot[10] - '0') * 10 + (slot[11] - '0');
    const std::chrono::seconds time = std::chrono::hours{hour} + std::chrono::minutes{minute};
    appointment.slot = contract::start_of(*day) + time - std::chrono::minutes{offset};
    // What the wall shows then is what was written: so no hour that the clocks jump over, and no other
    // offset.
    if (hour > 23 || minute > 59 || record::wall_time(appointment.slot) != record::WallTime{*day, time}) {
        fields->note("appointment.slot", Flaw::not_a_time);
    }
    return appointment;
}

}  // namespace kesher::national_insurance
