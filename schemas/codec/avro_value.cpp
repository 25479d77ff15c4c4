#include "schemas/codec/avro_value.h"

#include <cassert>
#include <map>

#include "schemas/codec/avro_handle.h"

namespace kesher::codec {
namespace {

// avro-c keeps its error text and its counts where threads meet, so each thread has classes of its own.
avro_value_iface_t* class_of(const ReleasedSchema& released) {
    thread_local std::map<contract::SchemaFingerprint, AvroClass> classes;
    auto& found = classes[released.fingerprint];
    if (found.get() == nullptr) {
        const AvroSchema schema = avro_schema_of(released.text);
        found = AvroClass(avro_generic_class_from_schema(schema.get()));
        if (found.get() == nullptr)
            throw std::runtime_error("avro-c: class: " + std::string(avro_strerror()));
    }
    return found.get();
}

}  // namespace

DecodedValue::DecodedValue(const ReleasedSchema& schema, contract::ByteView binary) {
    avro_value_t value{};
    avro_must(avro_generic_value_new(class_of(schema), &value), "new value");
    iface_ = value.iface;
    self_ = value.self;
    const AvroReader reader(
        avro_reader_memory(contract::text_of(binary).data(), static_cast<std::int64_t>(binary.size())));
    const int result = avro_value_read(reader.get(), &value);
    if (result != 0) avro_value_decref(&value);  // the destructor of a half-made object does not run
    avro_must(result, "read");
}

DecodedValue::~DecodedValue() {
    avro_value_t value{iface_, self_};
    avro_value_decref(&value);
}

AvroNode AvroNode::field(std::size_t index, std::string_view name) const {
    const avro_value_t value{iface_, self_};
    avro_value_t child{};
    const char* found = nullptr;
    avro_must(avro_value_get_by_index(&value, index, &child, &found), "field");
    if (found != name)
        throw std::logic_error("codec: the record has no field " + std::string(name) + " here");
    return {child.iface, child.self};
}

std::optional<AvroNode> AvroNode::present() const {
    const avro_value_t value{iface_, self_};
    int place = 0;
    avro_must(avro_value_get_discriminant(&value, &place), "branch");
    if (place == 0) return std::nullopt;
    avro_value_t child{};
    avro_must(avro_value_get_current_branch(&value, &child), "branch");
    return AvroNode{child.iface, child.self};
}

std::size_t AvroNode::items() const {
    const avro_value_t value{iface_, self_};
    std::size_t count = 0;
    avro_must(avro_value_get_size(&value, &count), "items");
    return count;
}

AvroNode AvroNode::item(std::size_t index) const {
    const avro_value_t value{iface_, self_};
    avro_value_t child{};
    avro_must(avro_value_get_by_index(&value, index, &child, nullptr), "item");
    return {child.iface, child.self};
}

std::string_view AvroNode::text() const {
    const avro_value_t value{iface_, self_};
    const char* content = nullptr;
    std::size_t size = 0;
    avro_must(avro_value_get_string(&value, &content, &size), "string");
    assert(size > 0);  // avro-c counts the NUL that it puts behind the text
    return {content, size - 1};
}

contract::ByteView AvroNode::bytes() const {
    const avro_value_t value{iface_, self_};
    const void* content = nullptr;
    std::size_t size = 0;
    avro_must(avro_value_get_bytes(&value, &content, &size), "bytes");
    return {static_cast<const std::uint8_t*>(content), size};
}

contract::ByteView AvroNode::fixed() const {
    const avro_value_t value{iface_, self_};
    const void* content = nullptr;
    std::size_t size = 0;
    avro_must(avro_value_get_fixed(&value, &content, &size), "fixed");
    return {static_cast<const std::uint8_t*>(content), size};
}

std::int64_t AvroNode::number() const {
    const avro_value_t value{iface_, self_};
    if (avro_value_get_type(&value) == AVRO_INT32) {
        std::int32_t number = 0;
        avro_must(avro_value_get_int(&value, &number), "int");
        return number;
    }
    std::int64_t number = 0;
    avro_must(avro_value_get_long(&value, &number), "long");
    return number;
}

bool AvroNode::truth() const {
    const avro_value_t value{iface_, self_};
    int truth = 0;
    avro_must(avro_value_get_boolean(&value, &truth), "boolean");
    return truth != 0;
}

std::size_t AvroNode::symbol() const {
    const avro_value_t value{iface_, self_};
    int place = 0;
    avro_must(avro_value_get_enum(&value, &place), "enum");
    assert(place >= 0);
    return static_cast<std::size_t>(place);
}

}  // namespace kesher::codec
