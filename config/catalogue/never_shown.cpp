#include "config/catalogue/never_shown.h"

#include <algorithm>

#include "config/catalogue/catalogue_files.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/code_points.h"

namespace kesher::catalogue {
namespace {

using config::SettingsFault;
using config::SettingsFaults;
using contract::Failure;

constexpr std::string_view kNeverShownFile = "never_shown.txt";
constexpr std::size_t kLeastStemBytes = 4;  // shorter ones would be found everywhere

// Vowel points, Arabic marks and tatweel, soft hyphen, joiners and direction marks: nobody sees them
// as letters, so they must not hide a stem.
bool is_invisible(char32_t c) {
    return (c >= 0x0591 && c <= 0x05C7 && c != 0x05BE) || (c >= 0x064B && c <= 0x0652) || c == 0x0640 ||
           c == 0x0670 || c == 0x00AD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || (c >= 0x0300 && c <= 0x036F);
}

char32_t lower(char32_t c) {
    if (c >= U'A' && c <= U'Z') return c + 0x20;
    if (c >= 0x0410 && c <= 0x042F) return c + 0x20;  // А to Я
    if (c == 0x0401 || c == 0x0451) return 0x0435;    // Ё and ё are written е as well
    if (c == 0x00A0 || c == 0x05BE || c == U'\t' || c == U'\n' || c == U'\r') return U' ';
    return c;
}

std::string folded(std::string_view text) {
    std::u32string out;
    for (const char32_t c : contract::code_points(text)) {
        if (!is_invisible(c)) out += lower(c);
    }
    return contract::utf8_of(out);
}

std::string_view trimmed(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

contract::Result<NeverShown, SettingsFaults> NeverShown::parse(std::string_view text,
                                                               const std::string& file_name) {
    NeverShown list;
    SettingsFaults faults;
    const auto complain = [&](unsigned line, std::string what) {
        faults.push_back(
            {file_name, {line, 1}, "", std::move(what), "Write one stem of two letters or more a line"});
    };
    unsigned number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1);
        std::string_view line = trimmed(text.substr(0, end + 1 - (text[end] == '\n' ? 1 : 0)));
        text.remove_prefix(end + 1);
        ++number;
        if (line.empty() || line.front() == '#') continue;
        const bool harmless = line.front() == '-';
        if (harmless) line.remove_prefix(1);
        if (!contract::is_utf8(line) || line.size() < kLeastStemBytes) {
            complain(number, "it is not a stem");
        } else if (harmless) {
            list.harmless_.push_back(folded(line));
        } else {
            list.stems_.emplace_back(line);
            list.folded_.push_back(folded(line));
        }
    }
    if (list.stems_.empty()) complain(0, "it holds no stem");
    if (!faults.empty()) return Failure{std::move(faults)};
    return list;
}

const NeverShown& NeverShown::built_in() {
    static const NeverShown list =
        parse(built_in_files().at(std::string(kNeverShownFile)), std::string(kNeverShownFile)).value();
    return list;
}

std::optional<std::string> NeverShown::found_in(std::string_view text) const {
    std::string searched = folded(text);
    for (const std::string& word : harmless_) {
        for (std::size_t at = 0; (at = searched.find(word, at)) != std::string::npos; at += word.size()) {
            searched.replace(at, word.size(), std::string(word.size(), ' '));
        }
    }
    for (std::size_t i = 0; i < folded_.size(); ++i) {
        if (searched.find(folded_[i]) != std::string::npos) return stems_[i];
    }
    return std::nullopt;
}

}  // namespace kesher::catalogue
