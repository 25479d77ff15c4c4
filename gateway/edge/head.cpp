// The strict reader of a request's head: one spelling, no repair (RFC 9112 sections 2-5).
#include "gateway/edge/ascii.h"
#include "gateway/edge/framing_gate.h"
#include "schemas/contract/limits.h"

namespace kesher::edge {
namespace {

namespace limits = contract::limits;
using contract::Code;
using contract::Failure;

constexpr std::string_view kLineEnd = "\r\n";

// Cuts the next line off `rest`; the caller knows that the head ends in an empty line.
std::string_view next_line(std::string_view& rest) {
    const std::size_t end = rest.find(kLineEnd);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + kLineEnd.size());
    return line;
}

bool is_target(std::string_view text) {
    // Origin form alone: the absolute form is a proxy's, and two hosts in one request are one too many.
    return text.starts_with('/') &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F' && c != '#'; });
}

contract::Result<Head, Code> request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return Failure{Code::bad_framing};
    Head head;
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    head.version = line.substr(last + 1);
    if (!is_token(head.method) || !is_target(head.target)) return Failure{Code::bad_framing};
    if (head.target.size() > limits::kRequestTargetBytes) return Failure{Code::too_large};
    return head;
}

std::optional<Header> header_line(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    // A space before the colon, or a folded line, is where two readers part ways: neither is a token.
    if (!is_token(name)) return std::nullopt;
    const bool clean =
        std::all_of(value.begin(), value.end(), [](char c) { return c == '\t' || !is_control(c); });
    if (!clean) return std::nullopt;
    return Header{std::string(name), std::string(value)};
}

std::optional<Code> append_headers(std::string_view lines, std::vector<Header>& headers) {
    while (!lines.empty()) {
        auto header = header_line(next_line(lines));
        if (!header) return Code::bad_framing;
        if (headers.size() == limits::kHeaders) return Code::too_large;
        headers.push_back(std::move(*header));
    }
    return std::nullopt;
}

}  // namespace

contract::Result<std::size_t, Code> end_of_head(std::string_view bytes) {
    const std::string_view looked_at = bytes.substr(0, limits::kHeaderBytes);
    for (std::size_t at = looked_at.find('\n'); at != std::string_view::npos;
         at = looked_at.find('\n', at + 1)) {
        if (at == 0 || looked_at[at - 1] != '\r') return Failure{Code::bad_framing};
        if (at == 1) return Failure{Code::bad_framing};  // an empty line where the request line belongs
        if (at >= 3 && looked_at.substr(at - 3, 4) == "\r\n\r\n") return at + 1;
    }
    if (bytes.size() >= limits::kHeaderBytes) return Failure{Code::too_large};
    return std::size_t{0};
}

contract::Result<Head, Code> parse_head(std::string_view bytes) {
    if (!bytes.ends_with("\r\n\r\n")) return Failure{Code::bad_framing};
    bytes.remove_suffix(kLineEnd.size());
    auto parsed = request_line(next_line(bytes));
    if (!parsed) return parsed;
    Head head = std::move(parsed).value();
    if (const auto fault = append_headers(bytes, head.headers)) return Failure{*fault};
    return head;
}

contract::Result<AnswerHead, Code> parse_answer_head(std::string_view bytes) {
    if (!bytes.ends_with("\r\n\r\n")) return Failure{Code::bad_framing};
    bytes.remove_suffix(kLineEnd.size());
    const std::string_view line = next_line(bytes);
    // "HTTP/1.1 200" and a phrase, which may be missing with its space.
    const std::string_view version = line.substr(0, 8);
    const std::string_view status = line.substr(std::min<std::size_t>(9, line.size()), 3);
    const bool spaced = line.size() >= 12 && line[8] == ' ' && (line.size() == 12 || line[12] == ' ');
    const bool known = version == "HTTP/1.1" || version == "HTTP/1.0";
    if (!spaced || !known || !std::all_of(status.begin(), status.end(), is_digit) || status.front() == '0') {
        return Failure{Code::bad_framing};
    }
    AnswerHead head{
        std::string(version), (status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0'), {}};
    if (const auto fault = append_headers(bytes, head.headers)) return Failure{*fault};
    return head;
}

}  // namespace kesher::edge
