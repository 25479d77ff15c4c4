#include "adapters/health/node.h"

#include <limits>

namespace kesher::health {
namespace {

using contract::Day;
using contract::Instant;

std::optional<int> two_digits(std::string_view text, std::size_t at) {
    if (at + 2 > text.size()) return std::nullopt;
    const char a = text[at];
    const char b = text[at + 1];
    if (a < '0' || a > '9' || b < '0' || b > '9') return std::nullopt;
    return (a - '0') * 10 + (b - '0');
}

// `Z` or `+03:00`, as minutes.
std::optional<std::chrono::minutes> zone_of(std::string_view text) {
    if (text == "Z") return std::chrono::minutes{0};
    if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const auto hours = two_digits(text, 1);
    const auto minutes = two_digits(text, 4);
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    const std::chrono::minutes offset{*hours * 60 + *minutes};
    return text[0] == '-' ? -offset : offset;
}

// `.123`: 1 to 9 digits, cut to milliseconds; how many characters they take.
std::optional<std::size_t> fraction_of(std::string_view text, std::chrono::milliseconds& into) {
    if (text.empty() || text[0] != '.') return 0;
    std::size_t end = 1;
    int value = 0;
    for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end)
        if (end <= 3) value = value * 10 + (text[end] - '0');
    if (end == 1 || end > 10) return std::nullopt;
    for (std::size_t i = end; i <= 3; ++i) value *= 10;
    into = std::chrono::milliseconds{value};
    return end;
}

// FHIR `instant`, and `dateTime` with a time: 2026-11-21T09:30:00.000+02:00.
std::optional<Instant> instant_of(std::string_view text) {
    constexpr std::size_t kDay = 10;
    constexpr std::size_t kSecondsEnd = 19;
    if (text.size() <= kSecondsEnd || text[kDay] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const auto day = contract::parse_day(text.substr(0, kDay));
    const auto hour = two_digits(text, 11);
    const auto minute = two_digits(text, 14);
    const auto second = two_digits(text, 17);
    if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    std::chrono::milliseconds fraction{0};
    const auto taken = fraction_of(text.substr(kSecondsEnd), fraction);
    if (!taken) return std::nullopt;
    const auto zone = zone_of(text.substr(kSecondsEnd + *taken));
    if (!zone) return std::nullopt;
    return contract::start_of(*day) + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second} + fraction - *zone;
}

}  // namespace

bool Node::required() const {
    if (!exists()) fault(Flaw::missing);
    return exists();
}

Node Node::operator[](std::string_view key) const {
    const json::Value* found = value_ == nullptr ? nullptr : value_->find(key);
    Node below(found, place_ + '.' + std::string(key), *faults_);
    if (value_ != nullptr && value_->members() == nullptr) fault(Flaw::wrong_kind);
    return below;
}

std::vector<Node> Node::items() const {
    std::vector<Node> found;
    if (!exists()) return found;
    const json::Value::Array* items = value_->array();
    if (items == nullptr) {
        fault(Flaw::wrong_kind);
        return found;
    }
    for (std::size_t i = 0; i < items->size(); ++i)
        found.emplace_back(&(*items)[i], place_ + '[' + std::to_string(i) + ']', *faults_);
    return found;
}

std::optional<std::string_view> Node::text() const {
    if (!exists()) return std::nullopt;
    if (const std::string* said = value_->text()) return std::string_view(*said);
    fault(Flaw::wrong_kind);
    return std::nullopt;
}

std::optional<std::int32_t> Node::number() const {
    if (!exists()) return std::nullopt;
    const std::int64_t* said = value_->integer();
    using Limits = std::numeric_limits<std::int32_t>;
    if (said == nullptr) {
        fault(Flaw::wrong_kind);
    } else if (*said >= Limits::min() && *said <= Limits::max()) {
        return static_cast<std::int32_t>(*said);
    } else {
        fault(Flaw::value);
    }
    return std::nullopt;
}

std::optional<Day> Node::day() const {
    const auto said = text();
    if (!said) return std::nullopt;
    if (const auto day = contract::parse_day(*said)) return day;
    if (const auto instant = instant_of(*said)) return contract::day_of(*instant);
    fault(Flaw::not_a_day);
    return std::nullopt;
}

std::optional<Instant> Node::instant() const {
    const auto said = text();
    if (!said) return std::nullopt;
    const auto instant = instant_of(*said);
    if (!instant) fault(Flaw::not_an_instant);
    return instant;
}

Node Node::one_of(const std::vector<Node>& list, std::string_view by, std::string_view value,
                  std::string_view wanted, std::string_view otherwise) const {
    Node found(nullptr, place_ + std::string(otherwise), *faults_);
    for (const Node& item : list) {
        const auto said = item[by].text();
        if (!said || *said != value) continue;
        Node here = wanted.empty() ? item : item[wanted];
        if (found.exists()) here.fault(Flaw::two_codes);
        found = std::move(here);
    }
    return found;
}

Node Node::code(std::string_view system) const {
    return one_of((*this)["coding"].items(), "system", system, "code", ".coding");
}

Node Node::identifier(std::string_view system) const {
    return one_of(items(), "system", system, "value", "");
}

Node Node::extension(std::string_view url) const {
    return one_of((*this)["extension"].items(), "url", url, "", ".extension");
}

}  // namespace kesher::health
