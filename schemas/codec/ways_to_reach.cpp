#include "schemas/codec/ways_to_reach.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>

#include "schemas/codec/sealed_forms.h"
#include "schemas/contract/code_points.h"

namespace kesher::codec {
namespace {

using contract::SafetyFlag;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBetween = "-. ()/+_~*\t\r\n";  // what people put between the digits of a number
constexpr char kOther = 'x';

bool is_in(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// What nobody sees: the soft hyphen, marks of direction and of joining, and what makes a key of a digit. A
// number is dialled without them, and a file that cannot hold them is written without them.
bool is_unseen(char32_t c) {
    return c == 0x00AD || c == 0x061C || is_in(c, 0x200B, 0x200F) || is_in(c, 0x202A, 0x202E) ||
           is_in(c, 0x2060, 0x206F) || c == 0x20E3 || is_in(c, 0xFE00, 0xFE0F) || c == 0xFEFF;
}

// A dash for what separates as one does: dashes, spaces and points of other alphabets (the maqaf, the
// tatweel, what Windows-1255 has of them), and the rest of the punctuation of U+2000 to U+207F.
char plain(char32_t c) {
    if (c < 0x80) return static_cast<char>(c);
    if (is_in(c, 0xFF01, 0xFF5E)) return static_cast<char>(c - 0xFF01 + '!');  // ASCII in full width
    if (is_in(c, 0x0660, 0x0669)) return static_cast<char>(c - 0x0660 + '0');  // Arabic
    if (is_in(c, 0x06F0, 0x06F9)) return static_cast<char>(c - 0x06F0 + '0');  // Persian
    switch (c) {
        case 0xFE6B:
            return '@';
        case 0x2044:
        case 0x2215:
            return '/';
        case 0x00A0:
        case 0x00B7:
        case 0x05BE:
        case 0x0640:
        case 0x2212:
        case 0x3000:
        case 0xFE58:
        case 0xFE63:
            return '-';
        default:
            return is_in(c, 0x2000, 0x207F) ? '-' : kOther;
    }
}

// The text as whoever dials reads it: in ASCII, where a digit, a sign between digits and an @ stand for
// themselves, however they were typed.
std::string as_dialled(std::string_view text) {
    std::string dialled;
    for (const char32_t c : contract::code_points(text)) {
        if (!is_unseen(c)) dialled += plain(c);
    }
    return dialled;
}

std::string_view digits_of(std::string_view text) {
    return text.substr(0, std::min(text.find_first_not_of(kDigits), text.size()));
}

// What is behind the slash that the text begins with; a blank may stand on either side of it.
std::optional<std::string_view> behind_slash(std::string_view text) {
    if (text.starts_with(' ')) text.remove_prefix(1);
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
    if (text.starts_with(' ')) text.remove_prefix(1);
    return text;
}

bool is_day(std::string_view year, std::string_view month, std::string_view day) {
    const auto is_short = [](std::string_view part) { return part.size() == 1 || part.size() == 2; };
    if (!is_short(month) || !is_short(day) || (year.size() != 2 && year.size() != 4)) return false;
    const auto number = [](std::string_view part) {
        unsigned value = 0;
        std::from_chars(part.data(), part.data() + part.size(), value);
        return value;
    };
    const unsigned in = number(year) + (year.size() == 2 ? 2'000 : 0);
    if (in < 1'900 || in > 2'099) return false;
    return std::chrono::year_month_day{std::chrono::year{static_cast<int>(in)},
                                       std::chrono::month{number(month)}, std::chrono::day{number(day)}}
        .ok();
}

// Digits in front of a date, or a further part, make it a piece of something longer.
bool may_begin_date(std::string_view before) {
    if (!before.empty() && kDigits.find(before.back()) != kDigits.npos) return false;
    if (before.ends_with(' ')) before.remove_suffix(1);
    return !before.ends_with('/');
}

// How long the date is, written with slashes, that the text begins with: the day first, the month first or
// the four digits of the year. 0: none.
std::size_t date_at(std::string_view text) {
    std::array<std::string_view, 3> parts;
    std::optional<std::string_view> rest = text;
    for (std::string_view& part : parts) {
        if (!rest) return 0;
        part = digits_of(*rest);
        rest->remove_prefix(part.size());
        if (&part != &parts.back()) rest = behind_slash(*rest);
    }
    const auto& [a, b, c] = parts;
    const bool is_date = is_day(c, b, a) || is_day(c, a, b) || (a.size() == 4 && is_day(a, b, c));
    return is_date && !behind_slash(*rest) ? text.size() - rest->size() : 0;
}

// Nine and more digits in a row, with little between them. A date is none of it; two amounts are kept apart
// by a comma or a letter.
bool names_a_number(std::string_view text) {
    constexpr std::size_t kBetweenDigits = 3;
    constexpr std::size_t kDialledDigits = 9;  // 0 and eight: the shortest number in the country
    std::size_t digits = 0, between = 0;
    for (std::size_t at = 0; at < text.size();) {
        const bool begins = may_begin_date(text.substr(0, at));
        if (const std::size_t date = begins ? date_at(text.substr(at)) : 0; date > 0) {
            digits = between = 0;
            at += date;
            continue;
        }
        const char c = text[at++];
        if (kDigits.find(c) != kDigits.npos) {
            if (++digits >= kDialledDigits) return true;
            between = 0;
        } else if (kBetween.find(c) == kBetween.npos || ++between > kBetweenDigits) {
            digits = between = 0;
        }
    }
    return false;
}

// A sign with something on either side of it; the text may hold others that stand alone.
bool names_an_address(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        if (at > 0 && at + 1 < text.size() && text[at - 1] != ' ' && text[at + 1] != ' ') return true;
    }
    return false;
}

bool names_one(const std::optional<std::string>& text) { return text && names_a_way_to_reach(*text); }

bool names_one(const Particulars& particulars) {
    const auto reaches = [](const Answer& answer) {
        return names_a_way_to_reach(answer.code) || names_a_way_to_reach(answer.value);
    };
    return names_one(particulars.text) ||
           std::any_of(particulars.answers.begin(), particulars.answers.end(), reaches);
}

}  // namespace

std::optional<SafetyFlag> silence_of(const Safety& safety) {
    if (safety.contact_prohibited) return SafetyFlag::contact_prohibited;
    if (safety.address_confidential) return SafetyFlag::address_confidential;
    return std::nullopt;
}

bool names_a_way_to_reach(std::string_view text) {
    const std::string dialled = as_dialled(text);
    return names_an_address(dialled) || names_a_number(dialled);
}

std::optional<std::string_view> way_to_reach_in(const Sealed& sealed) {
    if (names_one(sealed.need)) return "need";
    if (sealed.appointment && names_a_way_to_reach(sealed.appointment->place)) return "appointment.place";
    if (sealed.identity && names_one(sealed.identity->given_name)) return "identity.given_name";
    if (sealed.identity && names_one(sealed.identity->family_name)) return "identity.family_name";
    if (sealed.contact && names_one(sealed.contact->neutral_name)) return "contact.neutral_name";
    for (std::size_t i = 0; i < kOtherGroups; ++i) {
        if (sealed.others[i] && names_one(*sealed.others[i])) return kOtherGroupFields[i];
    }
    for (const Attachment& attachment : sealed.attachments) {
        if (names_a_way_to_reach(attachment.name)) return "attachments.name";
        if (names_a_way_to_reach(attachment.media_type)) return "attachments.media_type";
    }
    return std::nullopt;
}

}  // namespace kesher::codec
