// `--language` of the commands that answer in the catalogue's words.
#pragma once

#include <algorithm>

#include "adapters/ctl/words.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::ctl {

// What the catalogue's words are written in. A person may speak another language; nothing can be read in it.
inline constexpr contract::ClosedList<contract::Language, 4> kWritten{{"he", "ar", "ru", "en"}};
static_assert(std::ranges::all_of(kWritten.words, [](std::string_view word) {
    return contract::kLanguages.parse(word) == kWritten.parse(word);
}));

inline void add_language(CLI::App& sub, contract::Language& language) {
    add_word(sub, "--language", language, kWritten,
             "Of the words, he, ar, ru or en: en unless said otherwise");
}

}  // namespace kesher::ctl
