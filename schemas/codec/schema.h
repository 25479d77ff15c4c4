// The released schemas: every .avsc of schemas/avro, built into the program, by fingerprint.
//
// A released file is never edited: its fingerprint (CRC-64-AVRO, Rabin over Parsing Canonical Form,
// Avro 1.11 specification) stands here as a constant and start-up stops if a file no longer gives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::codec {

// Only what our schemas may use: no map, no recursion, no float, no null but as half of [null, X].
enum class Kind : std::uint8_t {
    boolean,
    int32,
    int64,
    bytes,
    string,
    fixed,
    enumeration,
    array,
    optional,
    record
};

// A schema as a tree; a named type that is used twice stands twice.
struct Schema {
    Kind kind = Kind::boolean;
    std::string name{};                // record, enumeration, fixed: full name
    std::vector<std::string> names{};  // record: of its fields; enumeration: its symbols
    std::vector<Schema> inner{};  // record: its fields; array: the item; optional: what it is unless null
    std::size_t size = 0;         // fixed
};

struct ReleasedSchema {
    std::string_view record{};  // "ReferralSubmitted"
    int version = 0;            // from 1
    contract::SchemaFingerprint fingerprint{};
    std::optional<contract::MessageType> type{};  // whose payload it is, if one's
    std::size_t clear_bytes_max = 0;              // of everything but `bytes` fields
    std::string_view text{};                      // the .avsc file; what /v1/schemas/{fingerprint} serves
    const Schema* schema = nullptr;
};

[[nodiscard]] std::span<const ReleasedSchema> released_schemas();
[[nodiscard]] const ReleasedSchema* find_schema(contract::SchemaFingerprint fingerprint);
// The one that this program writes; `record` is one of ours.
[[nodiscard]] const ReleasedSchema& newest_schema(std::string_view record);
// All that a payload of this type may be written with (`referral.event.v1` has ReferralEvent and Draft).
[[nodiscard]] std::vector<contract::SchemaFingerprint> schemas_of(contract::MessageType type);

// Parsing Canonical Form and its fingerprint. `avsc` is one of ours: anything else throws.
[[nodiscard]] std::string canonical_form(std::string_view avsc);
[[nodiscard]] contract::SchemaFingerprint fingerprint_of(std::string_view canonical);
[[nodiscard]] Schema parse_schema(std::string_view avsc);

}  // namespace kesher::codec
