#include <algorithm>

#include "adapters/social_services/department_file.h"
#include "adapters/social_services/native_words.h"
#include "adapters/social_services/record_writer.h"
#include "schemas/contract/code_points.h"

namespace kesher::social_services {
namespace {

constexpr RecordKind kReferral{"R100", kR100};
constexpr RecordKind kIdentity{"I100", kI100};
constexpr RecordKind kNeed{"N100", kN100};

std::string digits_of(contract::Day day) {
    std::string text = contract::text(day);
    std::erase(text, '-');
    return text;
}

template <class Enum>
std::string number_of(Enum value) {
    return std::to_string(static_cast<std::size_t>(value) + 1);
}

std::string language_word(contract::Language language) {
    for (const auto& [word, known] : kLanguageWords) {
        if (known == language) return std::string(word);
    }
    return "xx";
}

// `worker` stays blank: a recipient learns no worker but the sealed contact (contract 1).
FieldTexts texts_of(const Referral& referral) {
    FieldTexts texts{
        {"referral", referral.number},
        {"service", std::string(contract::kServices.text(referral.service))},
        {"priority", number_of(referral.priority)},
        {"created", digits_of(referral.created)},
        {"basis", std::string(word_of(referral.basis))},
        {"language", language_word(referral.language)},
        {"contact", std::string(1, referral.contact_prohibited ? kContactProhibited : kContactAllowed)},
        {"neutral_name", referral.neutral_name}};
    if (referral.pseudonym) texts["pseudonym"] = referral.pseudonym->reveal();
    if (referral.consent) {
        texts["consent"] = referral.consent->number;
        texts["consent_to"] = digits_of(referral.consent->to);
    }
    if (referral.authority) {
        texts["authority_type"] = referral.authority->kind == Authority::Kind::settlement ? "S" : "C";
        texts["symbol"] = std::to_string(referral.authority->symbol);
    }
    return texts;
}

// The phone stays out while nobody may try to reach her, whoever filled it in.
FieldTexts texts_of(const Identity& identity, const Referral& referral) {
    FieldTexts texts{{"referral", referral.number},
                     {"id_number", identity.id_number},
                     {"given_name", identity.given_name},
                     {"family_name", identity.family_name}};
    if (identity.birth_year) texts["birth_year"] = std::to_string(*identity.birth_year);
    if (!referral.contact_prohibited) texts["phone"] = identity.phone;
    return texts;
}

}  // namespace

contract::Result<EncodedFile, FileFaults> encode_department_file(const DepartmentFile& file,
                                                                 Encoding encoding) {
    FrameWriter writer(file.header, encoding);
    for (const Referral& referral : file.referrals) {
        writer.record(kReferral, texts_of(referral));
        if (referral.identity) writer.record(kIdentity, texts_of(*referral.identity, referral));
        for (std::size_t i = 0; i < referral.need.size(); ++i) {
            writer.record(kNeed, {{"referral", referral.number},
                                  {"need_line", std::to_string(i + 1)},
                                  {"need", referral.need[i]}});
        }
    }
    return writer.finish();
}

std::vector<std::string> need_lines(std::string_view text) {
    std::vector<std::string> lines;
    std::u32string rest = contract::code_points(text);
    while (!rest.empty()) {
        const std::size_t newline = rest.find(U'\n');
        std::size_t end = std::min(newline, rest.size());
        if (end > kNeedLineCharacters) {
            end = rest.rfind(U' ', kNeedLineCharacters);
            if (end == std::u32string::npos || end == 0) end = kNeedLineCharacters;
        }
        lines.push_back(contract::utf8_of(rest.substr(0, end)));
        const bool skip = end < rest.size() && (rest[end] == U' ' || rest[end] == U'\n');
        rest.erase(0, end + (skip ? 1 : 0));
    }
    return lines;
}

}  // namespace kesher::social_services
