#include "audit/log/json_line.h"

#include <charconv>
#include <cstdio>

#include "schemas/contract/bytes.h"

namespace kesher::log {

void append_json_text(std::string& out, std::string_view utf8) {
    out.push_back('"');
    if (contract::is_plain_ascii(utf8)) {
        out += utf8;
        out.push_back('"');
        return;
    }
    for (const char c : utf8) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escape[7];
            std::snprintf(escape, sizeof escape, "\\u%04x",
                          static_cast<unsigned>(static_cast<unsigned char>(c)));
            out += escape;
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

std::string json_text(std::string_view utf8) {
    std::string text;
    append_json_text(text, utf8);
    return text;
}

bool LineReader::take_name(std::string_view name, bool first) {
    std::string_view rest = rest_;
    const auto passes = [&rest](std::string_view expected) {
        if (!rest.starts_with(expected)) return false;
        rest.remove_prefix(expected.size());
        return true;
    };
    if (!passes(first ? "\"" : ",\"") || !passes(name) || !passes("\":")) return false;
    rest_ = rest;
    return true;
}

bool LineReader::take(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
}

std::optional<std::string_view> LineReader::text() {
    if (!rest_.starts_with('"')) return std::nullopt;
    const std::size_t end = rest_.find_first_of("\"\\", 1);
    if (end == std::string_view::npos || rest_[end] != '"') return std::nullopt;
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
}

std::optional<std::int64_t> LineReader::integer() {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
}

}  // namespace kesher::log
