#include "audit/log/word.h"

#include <algorithm>
#include <stdexcept>

#include "schemas/contract/ids.h"

namespace kesher::log {
namespace {

bool is_word_character(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string_view("._:/@+-").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<Word> Word::parse(std::string_view text) {
    if (text.empty() || text.size() > kMaxLength) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), is_word_character)) return std::nullopt;
    if (contract::is_national_id_number(text)) return std::nullopt;
    return Word(std::string(text));
}

Word Word::of(std::string_view text) {
    auto word = parse(text);
    // The text itself stays out of the message: it may be what must not be written down.
    if (!word) throw std::invalid_argument("not a word that a record may hold");
    return std::move(*word);
}

}  // namespace kesher::log
