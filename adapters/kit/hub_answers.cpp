#include "adapters/kit/hub_answers.h"

#include <array>
#include <charconv>

#include "schemas/json/read.h"

namespace kesher::kit {
namespace {

// A reading of all of a caller's cases is the longest answer in JSON.
constexpr json::Bounds kAnswerBounds{4 * 1024 * 1024, contract::limits::kJsonDepth};

std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool all = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return all && !text.empty() && text.front() != '-' ? std::optional(value) : std::nullopt;
}

// hh:mm:ss as a part of a day.
std::optional<std::chrono::seconds> parse_time(std::string_view text) {
    if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
    const auto h = digits(text.substr(0, 2));
    const auto m = digits(text.substr(3, 2));
    const auto s = digits(text.substr(6, 2));
    if (!h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
    return std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s};
}

const std::string* text_at(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value == nullptr ? nullptr : value->text();
}

void read_receipt(const json::Value& object, const log::NoteKey& log, AnswerFacts& facts) {
    const json::Value* index = object.find("index");
    const std::string* leaf = text_at(object, "leaf");
    const std::string* receipt = text_at(object, "receipt");
    if (leaf == nullptr && receipt == nullptr) return;  // an index alone is what a reading names
    facts.wrong = true;
    const std::int64_t* number = index == nullptr ? nullptr : index->integer();
    if (number == nullptr || *number < 0 || leaf == nullptr || receipt == nullptr) return;
    Receipted read{contract::LeafIndex{static_cast<std::uint64_t>(*number)}, *leaf, *receipt};
    auto proven = prove(read, log);
    if (!proven) return;
    facts.wrong = false;
    facts.statement = std::move(proven->statement);
    facts.receipt = std::move(read);
}

}  // namespace

std::optional<json::Value> object_of(std::string_view body) {
    auto read = json::read(body, kAnswerBounds);
    if (!read) return std::nullopt;
    return *std::move(read);
}

AnswerFacts facts_of(const json::Value& object, const log::NoteKey& log) {
    AnswerFacts facts;
    if (const std::string* word = text_at(object, "code")) facts.code = contract::parse_code(*word);
    if (const std::string* word = text_at(object, "retry")) facts.retry = parse_retry(*word);
    if (const std::string* word = text_at(object, "at")) facts.at = parse_instant(*word);
    read_receipt(object, log, facts);
    return facts;
}

std::optional<contract::Instant> parse_instant(std::string_view text) {
    if (text.size() != 24 || text[10] != 'T' || text[19] != '.' || text[23] != 'Z') return std::nullopt;
    const auto day = contract::parse_day(text.substr(0, 10));
    const auto time = parse_time(text.substr(11, 8));
    const auto part = digits(text.substr(20, 3));
    if (!day || !time || !part) return std::nullopt;
    return contract::start_of(*day) + *time + std::chrono::milliseconds{*part};
}

std::optional<contract::Instant> parse_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
    const auto day = digits(text.substr(5, 2));
    const auto year = digits(text.substr(12, 4));
    const auto time = parse_time(text.substr(17, 8));
    for (unsigned month = 0; month < kMonths.size(); ++month) {
        if (text.substr(8, 3) != kMonths[month] || !day || !year || !time) continue;
        const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{month + 1},
                                               std::chrono::day{static_cast<unsigned>(*day)}};
        if (!date.ok()) return std::nullopt;
        return contract::start_of(std::chrono::sys_days{date}) + *time;
    }
    return std::nullopt;
}

}  // namespace kesher::kit
