// Reads JSON (RFC 8259) from strangers, strictly: what two readers could understand differently is refused.
//
// Refused besides bad syntax: duplicate keys, fractions, exponents, -0, integers outside int64, NUL
// (raw or \u0000), invalid UTF-8, lone surrogates, a byte order mark, text after the document, more
// depth or bytes than the bounds. An error names what and where, never the content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "schemas/contract/limits.h"
#include "schemas/contract/result.h"
#include "schemas/json/value.h"

namespace kesher::json {

enum class Fault : std::uint8_t {
    syntax,
    too_large,
    too_deep,
    byte_order_mark,
    nul,
    not_utf8,
    duplicate_key,
    not_an_integer,
    integer_out_of_range,
    trailing_text,
    not_plain,
};

struct Error {
    Fault fault;
    std::size_t offset;  // in bytes, where the reader stopped: at the fault or just behind it
    friend bool operator==(const Error&, const Error&) = default;
};

// In how many ways one value may be spelled.
enum class Spelling : std::uint8_t {
    any,
    // In one: no white space between words and no escape in a text, so that a program that has no reader of
    // JSON (grep, awk) finds what this one reads. A text that cannot be spelled so is refused as well.
    plain,
    // The same, but for the line ends of PEM, which stand as `\n`.
    plain_with_line_ends,
};

// Other bounds where a document is known to be smaller, or, as the hub's own directory, may be larger.
struct Bounds {
    std::size_t bytes = contract::limits::kJsonBytes;
    std::size_t depth = contract::limits::kJsonDepth;  // [] has depth 1, [[]] depth 2
    Spelling spelling = Spelling::any;
};

[[nodiscard]] contract::Result<Value, Error> read(std::string_view text, Bounds bounds = {});

// One word a fault, for logs: `duplicate_key`.
[[nodiscard]] std::string_view word(Fault fault);

}  // namespace kesher::json
