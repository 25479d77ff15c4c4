// A head has one meaning: written as that meaning says, it is read as the same head again.
#include <algorithm>

#include "gateway/edge/framing_gate.h"
#include "schemas/contract/limits.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

using contract::text_of;

constexpr std::size_t kBodyMax = 1'000;

std::string written(const std::vector<edge::Header>& headers) {
    std::string text;
    for (const edge::Header& header : headers) text += header.name + ": " + header.value + "\r\n";
    return text + "\r\n";
}

bool same(const std::vector<edge::Header>& a, const std::vector<edge::Header>& b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const edge::Header& x, const edge::Header& y) { return x.name == y.name && x.value == y.value; });
}

void one_line(const edge::Header& header) {
    constexpr std::string_view kEnds{"\r\n\0", 3};
    claim(header.name.find_first_of(kEnds) == std::string::npos);
    claim(header.value.find_first_of(kEnds) == std::string::npos);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

}  // namespace

void request_heads(contract::ByteView input) {
    const std::string_view text = text_of(input);
    const auto end = edge::end_of_head(text);
    if (!end || *end == 0) return;
    claim(*end <= text.size() && text.substr(0, *end).ends_with("\r\n\r\n"));
    const auto head = edge::parse_head(text.substr(0, *end));
    if (!head) return;
    std::for_each(head->headers.begin(), head->headers.end(), one_line);
    const std::string again =
        head->method + " " + head->target + " " + head->version + "\r\n" + written(head->headers);
    const auto reread = edge::parse_head(again);
    // Only blanks around a value are not kept, so what is written is never longer by more than one a header.
    claim(reread && reread->method == head->method && reread->target == head->target &&
          same(reread->headers, head->headers));
    if (edge::framing_fault(*head, kBodyMax)) return;
    claim(edge::content_length(*head) <= kBodyMax);
    claim(std::count_if(head->headers.begin(), head->headers.end(), [](const edge::Header& header) {
              return header.name == "Transfer-Encoding" || header.name == "transfer-encoding";
          }) == 0);
}

void answer_heads(contract::ByteView input) {
    const auto head = edge::parse_answer_head(text_of(input));
    if (!head) return;
    claim(head->status >= 100 && head->status <= 999);  // three digits; what a number means is the caller's
    std::for_each(head->headers.begin(), head->headers.end(), one_line);
    (void)edge::body_length(head->headers);
}

void request_targets(contract::ByteView input) {
    const auto target = edge::parse_target(text_of(input));
    if (!target) return;
    std::string again;
    for (const std::string& segment : target->segments) {
        claim(segment != "." && segment != ".." && segment.find('/') == std::string::npos);
        again += "/" + percent_encoded(segment);
    }
    if (again.empty()) again = "/";
    for (std::size_t i = 0; i < target->query.size(); ++i) {
        const auto& [name, value] = target->query[i];
        again += (i == 0 ? "?" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
    }
    if (again.size() > contract::limits::kRequestTargetBytes) return;
    const auto reread = edge::parse_target(again);
    claim(reread && reread->query == target->query);
    // An empty last segment (a slash at the end) has no encoded form of its own.
    claim(reread->segments == target->segments);
}

}  // namespace kesher::fuzz
