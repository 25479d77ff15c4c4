#include "schemas/codec/ways_to_reach.h"

#include <algorithm>

#include "schemas/codec/sealed_forms.h"

namespace kesher::codec {
namespace {

using contract::SafetyFlag;

// How many bytes the digit has that the text begins with: 0-9, and those of Arabic and Persian. 0: none.
std::size_t digit_at(std::string_view text) {
    if (text[0] >= '0' && text[0] <= '9') return 1;
    if (text.size() < 2) return 0;
    const auto first = static_cast<unsigned char>(text[0]);
    const auto second = static_cast<unsigned char>(text[1]);
    const bool arabic = first == 0xD9 && second >= 0xA0 && second <= 0xA9;   // U+0660 to U+0669
    const bool persian = first == 0xDB && second >= 0xB0 && second <= 0xB9;  // U+06F0 to U+06F9
    return arabic || persian ? 2 : 0;
}

// How many bytes has what people put between the digits of a number: some signs of ASCII, and the dashes,
// spaces and directional marks of U+2000 to U+207F. Two amounts are kept apart by a comma or a letter.
std::size_t separator_at(std::string_view text) {
    constexpr std::string_view kSigns = "-. ()/+_~*";
    if (kSigns.find(text[0]) != std::string_view::npos) return 1;
    return text.size() >= 3 && text[0] == '\xE2' && (text[1] == '\x80' || text[1] == '\x81') ? 3 : 0;
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
    constexpr std::size_t kBetweenDigits = 3;
    constexpr std::size_t kDialledDigits = 9;  // 0 and eight: the shortest number in the country
    if (names_an_address(text)) return true;
    std::size_t digits = 0, between = 0, slashes = 0;
    while (!text.empty()) {
        std::size_t bytes = digit_at(text);
        if (bytes > 0) {
            if (++digits >= kDialledDigits) return true;
            between = 0;
        } else {
            bytes = separator_at(text);
            slashes += text[0] == '/' ? 1 : 0;  // a second one: a date
            if (digits == 0 || bytes == 0 || ++between > kBetweenDigits || slashes > 1) {
                digits = between = slashes = 0;
            }
        }
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return false;
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
