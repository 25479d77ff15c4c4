#include "adapters/record/losses.h"

#include <algorithm>
#include <array>

namespace kesher::record {
namespace {

using contract::DataGroup;

constexpr std::array kCommonLosses{
    Loss{"identity", "פרטי זהות כשהיא אינה מזוהה בפני הגורם המקבל",
         "identity where she is not identified to the recipient"},
    Loss{"attachments", "צרופות על זהות או על דרכי קשר, כשאין היא ידועה כך לגורם המקבל",
         "attachments about identity or contact where she is not known so to the recipient"},
    Loss{"empty_group", "קבוצת מידע שאין בה דבר", "a data group that says nothing"},
    Loss{"control_characters", "תווי בקרה בטקסט חופשי: רווח במקומם",
         "control characters in free text: a blank stands for each"},
    Loss{"blank_text", "טקסט שכולו רווחים", "a text of blanks alone"},
};

// Neither FHIR's string nor XML holds a character below 32 but tab, line feed and carriage return.
std::string said(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
        },
        ' ');
    return text;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\n\r") == std::string::npos; }

void keep_what_is_said(std::optional<std::string>& text) {
    if (text) text = said(std::move(*text));
    if (text && is_blank(*text)) text.reset();
}

void keep_what_is_said(codec::Particulars& particulars) {
    keep_what_is_said(particulars.text);
    for (codec::Answer& answer : particulars.answers) {
        answer.code = said(std::move(answer.code));
        answer.value = said(std::move(answer.value));
    }
    std::erase_if(particulars.answers,
                  [](const codec::Answer& a) { return is_blank(a.code) || is_blank(a.value); });
}

}  // namespace

std::span<const Loss> common_losses() { return kCommonLosses; }

Referral minus_common_losses(Referral referral) {
    codec::Sealed& sealed = referral.sealed;
    if (!shows_identity(sealed)) sealed.identity.reset();
    if (sealed.contact && !shows_phone(sealed)) sealed.contact->phone.reset();
    keep_what_is_said(sealed.need);
    keep_what_is_said(sealed.worker);
    if (sealed.contact) keep_what_is_said(sealed.contact->neutral_name);
    if (sealed.identity) {
        keep_what_is_said(sealed.identity->given_name);
        keep_what_is_said(sealed.identity->family_name);
        if (*sealed.identity == codec::Identity{}) sealed.identity.reset();
    }
    for (std::size_t i = 0; i < codec::kOtherGroups; ++i) {
        auto& other = sealed.others[i];
        if (other) keep_what_is_said(*other);
        const auto group = static_cast<DataGroup>(i + static_cast<std::size_t>(DataGroup::locality));
        const bool empty = other && !other->text && other->answers.empty();
        if (empty || !shows_group(sealed, group)) other.reset();
    }
    std::erase_if(sealed.attachments,
                  [&](const codec::Attachment& file) { return !shows_group(sealed, file.group); });
    return referral;
}

}  // namespace kesher::record
