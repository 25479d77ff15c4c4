// The bounded walk: judges untrusted Avro binary against a schema before any library reads it.
//
// Accepts exactly the canonical encodings: shortest varints inside their type's range, one block per
// array, enum and union places that exist, booleans 0 or 1, UTF-8 without NUL, and the whole input
// used. avro-c 1.11 leaks on a failed read and accepts what this refuses (six kinds), so it reads no byte of
// anybody's, and nothing else reads one that has not passed here. Allocates nothing; linear in the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "schemas/codec/schema.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/result.h"

namespace kesher::codec {

enum class WalkReason : std::uint8_t {
    truncated,
    varint_too_long,
    varint_not_shortest,
    out_of_range,
    negative_length,
    boolean_not_0_or_1,
    no_such_symbol,
    no_such_branch,
    not_utf8,
    holds_nul,
    too_many_items,
    block_not_canonical,
    too_deep,
    too_much_clear,
    not_all_used,
};
[[nodiscard]] std::string_view text(WalkReason reason);

struct WalkFault {
    WalkReason reason;
    std::size_t offset;  // of the item that breaks the rule
    friend bool operator==(const WalkFault&, const WalkFault&) = default;
};

// `binary` is what follows the single-object header. `clear_bytes_max` bounds all bytes that are not
// the content of a `bytes` field (limits::kPayloadClearBytes for a payload).
[[nodiscard]] contract::Result<contract::Done, WalkFault> walk(const Schema& schema,
                                                               contract::ByteView binary,
                                                               std::size_t clear_bytes_max);

}  // namespace kesher::codec
