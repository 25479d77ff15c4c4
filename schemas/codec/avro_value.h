// A decoded Avro value as a tree to read from. Internal to this room: records.cpp reads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "schemas/codec/schema.h"
#include "schemas/contract/bytes.h"

namespace kesher::codec {

// One value of the tree. What is below it stands in a row from `first` on: a record's fields, an array's
// items, what an optional holds.
struct AvroCell {
    const Schema* schema = nullptr;
    contract::ByteView content{};  // bytes, string, fixed: in the bytes that were decoded
    std::int64_t number = 0;       // int, long; boolean 0 or 1; place of a symbol
    std::size_t first = 0;
    std::size_t count = 0;
};

// A place in a DecodedValue, valid as long as that and its bytes are. What is asked must be what the schema
// has there: anything else is a fault of ours and throws.
class AvroNode {
public:
    AvroNode(const std::vector<AvroCell>& cells, std::size_t at) : cells_(&cells), at_(at) {}

    [[nodiscard]] AvroNode field(std::size_t index, std::string_view name) const;  // of a record
    [[nodiscard]] std::optional<AvroNode> present() const;                         // of [null, X]
    [[nodiscard]] std::size_t items() const;                                       // of an array
    [[nodiscard]] AvroNode item(std::size_t index) const;
    [[nodiscard]] std::string_view text() const;
    [[nodiscard]] contract::ByteView bytes() const;
    [[nodiscard]] contract::ByteView fixed() const;
    [[nodiscard]] std::int64_t number() const;  // of an int or a long
    [[nodiscard]] bool truth() const;
    [[nodiscard]] std::size_t symbol() const;  // of an enumeration: its place

private:
    [[nodiscard]] const AvroCell& cell(Kind kind) const;
    [[nodiscard]] AvroNode below(const AvroCell& cell, std::size_t index) const;

    const std::vector<AvroCell>* cells_;
    std::size_t at_;
};

// Decodes with exactly the writer's schema. `binary` has passed walk() with that schema, so what does not
// fit it here is a fault of ours and throws; it must live as long as this.
class DecodedValue {
public:
    DecodedValue(const Schema& schema, contract::ByteView binary);
    DecodedValue(const DecodedValue&) = delete;
    DecodedValue& operator=(const DecodedValue&) = delete;
    [[nodiscard]] AvroNode root() const { return {cells_, 0}; }

private:
    std::vector<AvroCell> cells_;
};

}  // namespace kesher::codec
