#include "gateway/edge/framing_gate.h"

#include "gateway/edge/ascii.h"

namespace kesher::edge {
namespace {

using contract::Code;

std::ptrdiff_t count(const std::vector<Header>& headers, std::string_view name) {
    return std::count_if(headers.begin(), headers.end(),
                         [&](const Header& header) { return equal_case_blind(header.name, name); });
}

bool is_host(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
               std::string_view(".:-_[]").find(c) != std::string_view::npos;
    });
}

bool is_length(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit) &&
           (text == "0" || text.front() != '0');
}

bool has_body_by_nature(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

constexpr std::size_t kLengthDigitsMax = 15;  // beyond any body, and far from overflow

std::size_t number_of(std::string_view digits) {
    if (digits.size() > kLengthDigitsMax) return static_cast<std::size_t>(-1);
    std::size_t number = 0;
    for (const char c : digits) number = number * 10 + static_cast<std::size_t>(c - '0');
    return number;
}

std::optional<Code> host_or_version_fault(const Head& head) {
    if (head.version != "HTTP/1.1") return Code::bad_framing;
    const auto host = only_header(head.headers, "Host");
    if (!host || !is_host(*host)) return Code::bad_framing;
    const auto expect = only_header(head.headers, "Expect");
    if (count(head.headers, "Expect") > 0 && (!expect || !equal_case_blind(*expect, "100-continue"))) {
        return Code::bad_framing;
    }
    return std::nullopt;
}

std::optional<Code> length_fault(const Head& head, std::size_t body_bytes_max) {
    // Chunked is refused whatever stands beside it: its trailers and extensions are read differently
    // by every peer, and no client of the contract needs it.
    if (count(head.headers, "Transfer-Encoding") > 0) return Code::length_required;
    const BodyLength length = body_length(head.headers);
    switch (length.kind) {
        case BodyLength::Kind::doubtful:
            return Code::bad_framing;
        case BodyLength::Kind::absent:
            return has_body_by_nature(head.method) ? std::optional{Code::length_required} : std::nullopt;
        case BodyLength::Kind::said:
            break;
    }
    if (length.bytes > body_bytes_max) return Code::too_large;
    return std::nullopt;
}

}  // namespace

std::optional<Code> framing_fault(const Head& head, std::size_t body_bytes_max) {
    if (const auto fault = host_or_version_fault(head)) return fault;
    return length_fault(head, body_bytes_max);
}

BodyLength body_length(const std::vector<Header>& headers) {
    const auto lengths = count(headers, "Content-Length");
    if (lengths == 0) return {BodyLength::Kind::absent};
    const auto digits = only_header(headers, "Content-Length");
    if (!digits || !is_length(*digits) || count(headers, "Transfer-Encoding") > 0) {
        return {BodyLength::Kind::doubtful};
    }
    return {BodyLength::Kind::said, number_of(*digits)};
}

std::size_t content_length(const Head& head) { return body_length(head.headers).bytes; }

}  // namespace kesher::edge
