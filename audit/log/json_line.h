// JSON in one spelling on one line: the little of it that a record needs, written and read back.
//
// This is no general reader (schemas/json is). It reads what we wrote, and its user compares what it
// understood, written again, with what came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kesher::log {

// Quoted; `"`, `\` and control characters escaped (RFC 8259 section 7), all else as it is.
[[nodiscard]] std::string json_text(std::string_view utf8);
void append_json_text(std::string& out, std::string_view utf8);

class LineReader {
public:
    explicit LineReader(std::string_view line) : rest_(line) {}
    [[nodiscard]] bool take(std::string_view literal);  // false and nothing taken where other text follows
    // The next member's name, with the comma before it where it is not the first; a name needs no escape.
    [[nodiscard]] bool take_name(std::string_view name, bool first);
    [[nodiscard]] std::optional<std::string_view> text();  // a quoted text without escapes
    [[nodiscard]] std::optional<std::int64_t> integer();
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

}  // namespace kesher::log
