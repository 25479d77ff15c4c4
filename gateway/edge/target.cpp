// A request's path and query, percent-decoded with one meaning (RFC 3986 sections 2.1, 3.3, 3.4).
#include "gateway/edge/ascii.h"
#include "gateway/edge/framing_gate.h"
#include "schemas/contract/bytes.h"

namespace kesher::edge {
namespace {

using contract::Code;
using contract::Failure;

std::optional<unsigned> hex_digit(char c) {
    if (is_digit(c)) return static_cast<unsigned>(c - '0');
    if (lower(c) >= 'a' && lower(c) <= 'f') return static_cast<unsigned>(lower(c) - 'a') + 10;
    return std::nullopt;
}

// None for a broken escape, a control byte or text that is not UTF-8.
std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const auto high = hex_digit(text[i + 1]);
            const auto low = hex_digit(text[i + 2]);
            if (!high || !low) return std::nullopt;
            c = static_cast<char>(*high * 16 + *low);
            i += 2;
        }
        if (is_control(c)) return std::nullopt;
        out += c;
    }
    if (!contract::is_utf8(out)) return std::nullopt;
    return out;
}

std::optional<std::string> decoded_segment(std::string_view text) {
    auto segment = decoded(text);
    // An encoded slash or a dot segment names another path to whoever decodes first.
    if (!segment || segment->find('/') != std::string::npos || *segment == "." || *segment == "..") {
        return std::nullopt;
    }
    return segment;
}

bool append_segments(std::string_view path, std::vector<std::string>& segments) {
    path.remove_prefix(1);  // the leading slash, which parse_head has seen
    if (path.empty()) return true;
    while (true) {
        const std::size_t slash = path.find('/');
        auto segment = decoded_segment(path.substr(0, slash));
        const bool last = slash == std::string_view::npos;
        if (!segment || (segment->empty() && !last)) return false;
        segments.push_back(std::move(*segment));
        if (last) return true;
        path.remove_prefix(slash + 1);
    }
}

bool append_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& query) {
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        const std::size_t equals = pair.find('=');
        auto name = decoded(pair.substr(0, equals));
        auto value = decoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
        if (!name || !value || name->empty()) return false;
        query.emplace_back(std::move(*name), std::move(*value));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return true;
}

}  // namespace

contract::Result<Target, Code> parse_target(std::string_view target) {
    if (!target.starts_with('/')) return Failure{Code::bad_framing};
    const std::size_t mark = target.find('?');
    Target parsed;
    if (!append_segments(target.substr(0, mark), parsed.segments)) return Failure{Code::bad_framing};
    if (mark != std::string_view::npos && !append_query(target.substr(mark + 1), parsed.query)) {
        return Failure{Code::bad_framing};
    }
    return parsed;
}

}  // namespace kesher::edge
