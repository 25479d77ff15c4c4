// The only text a record may hold: a code, an id, a digest, a version. Free text, names and id
// numbers do not fit, so they cannot reach a leaf by mistake (domain.md 8).
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kesher::log {

// [A-Za-z0-9._:/@+-]{1,128}, and never nine digits that are a national id number. Nothing in it
// needs a JSON escape, so a word has one spelling.
class Word {
public:
    static constexpr std::size_t kMaxLength = 128;
    [[nodiscard]] static std::optional<Word> parse(std::string_view text);
    // For our own words only; std::invalid_argument for anything parse() refuses.
    [[nodiscard]] static Word of(std::string_view text);
    [[nodiscard]] const std::string& text() const { return text_; }
    friend auto operator<=>(const Word&, const Word&) = default;

private:
    explicit Word(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace kesher::log
