#include "adapters/national_insurance/fields.h"

#include <algorithm>
#include <charconv>

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

}  // namespace kesher::national_insurance
