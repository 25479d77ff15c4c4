// Decides whether the bytes of a request's head can be read in one way only.
//
// Every known way to smuggle a second request lives on two readers that disagree about where the
// first one ends. So the head is read by our own strict reader (RFC 9112, without its leniencies)
// and what is left to doubt is refused: no Transfer-Encoding, one digits-only Content-Length, one
// Host, HTTP/1.1 alone, CRLF alone, no folding, token names, no control bytes. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/edge/request.h"
#include "schemas/contract/codes.h"
#include "schemas/contract/result.h"

namespace kesher::edge {

struct Head {
    std::string method;
    std::string target;   // as sent: origin form, "/v1/inbox?wait=30"
    std::string version;  // "HTTP/1.1"
    std::vector<Header> headers;
};

// The head's bytes with its empty line (ends in CR LF CR LF). bad_framing, or too_large for more
// than limits::kHeaders headers or a target over limits::kRequestTargetBytes.
[[nodiscard]] contract::Result<Head, contract::Code> parse_head(std::string_view bytes);

// Where the head ends (offset after CR LF CR LF); 0 where more bytes are needed. bad_framing at the
// first LF without its CR, too_large where limits::kHeaderBytes passed without an end.
[[nodiscard]] contract::Result<std::size_t, contract::Code> end_of_head(std::string_view bytes);

// length_required: Transfer-Encoding, or a method with a body (POST, PUT, PATCH) without a length.
// bad_framing: version, Host, repeated or malformed length, an Expect other than 100-continue.
// too_large: a length over body_bytes_max.
[[nodiscard]] std::optional<contract::Code> framing_fault(const Head& head, std::size_t body_bytes_max);

// What the headers say of a body's length. `doubtful`: repeated, beside Transfer-Encoding, or not
// plain digits; "+5", "05" and "5, 5" each mean something else to someone.
struct BodyLength {
    enum class Kind { absent, said, doubtful } kind;
    std::size_t bytes = 0;  // where said; a number beyond any body is the largest one
};
[[nodiscard]] BodyLength body_length(const std::vector<Header>& headers);

// The Content-Length of a head that passed; 0 where there is none.
[[nodiscard]] std::size_t content_length(const Head& head);

// The head of an answer, for our own client: HTTP/1.1, or 1.0 of an old native system.
struct AnswerHead {
    std::string version;
    int status;
    std::vector<Header> headers;
};
[[nodiscard]] contract::Result<AnswerHead, contract::Code> parse_answer_head(std::string_view bytes);

struct Target {
    std::vector<std::string> segments;
    std::vector<std::pair<std::string, std::string>> query;
};
// Percent-decoding with one meaning: %2F, %00, control bytes, bad UTF-8, "." and ".." segments and
// empty segments (but one at the end) are bad_framing. '+' in the query stands for itself.
[[nodiscard]] contract::Result<Target, contract::Code> parse_target(std::string_view target);

}  // namespace kesher::edge
