// A decoded Avro value as a tree to read from. Internal to this room: records.cpp reads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "schemas/codec/schema.h"
#include "schemas/contract/bytes.h"

struct avro_value_iface;

namespace kesher::codec {

// A place in a DecodedValue, valid as long as that is. What is asked must be what the schema has there:
// anything else is a fault of ours and throws.
class AvroNode {
public:
    AvroNode(avro_value_iface* iface, void* self) : iface_(iface), self_(self) {}

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
    avro_value_iface* iface_;
    void* self_;
};

// Decodes with avro-c and exactly the writer's schema. `binary` has passed walk() with that schema:
// avro-c 1.11 leaks on every failed read and takes what is not canonical.
class DecodedValue {
public:
    DecodedValue(const ReleasedSchema& schema, contract::ByteView binary);
    ~DecodedValue();
    DecodedValue(const DecodedValue&) = delete;
    DecodedValue& operator=(const DecodedValue&) = delete;
    [[nodiscard]] AvroNode root() const { return {iface_, self_}; }

private:
    avro_value_iface* iface_ = nullptr;
    void* self_ = nullptr;
};

}  // namespace kesher::codec
