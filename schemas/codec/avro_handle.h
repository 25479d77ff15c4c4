// One owner for each avro-c object. Only this room's .cpp files may include this header: avro.h goes
// no further.
#pragma once

#include <avro.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace kesher::codec {

template <class Pointer, auto kFree>
class AvroHandle {
public:
    AvroHandle() = default;
    explicit AvroHandle(Pointer pointer) : pointer_(pointer) {}
    AvroHandle(AvroHandle&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
    AvroHandle& operator=(AvroHandle&& other) noexcept {
        std::swap(pointer_, other.pointer_);
        return *this;
    }
    ~AvroHandle() {
        if (pointer_ != nullptr) kFree(pointer_);
    }
    [[nodiscard]] Pointer get() const { return pointer_; }

private:
    Pointer pointer_ = nullptr;
};

using AvroSchema = AvroHandle<avro_schema_t, [](avro_schema_t schema) { avro_schema_decref(schema); }>;

// avro-c is only given our own schemas: a failure is a fault of ours or a lack of memory, never a sender's.
inline void avro_must(int result, std::string_view what) {
    if (result != 0) throw std::runtime_error("avro-c: " + std::string(what) + ": " + avro_strerror());
}

[[nodiscard]] inline AvroSchema avro_schema_of(std::string_view avsc) {
    avro_schema_t schema = nullptr;
    avro_must(avro_schema_from_json_length(avsc.data(), avsc.size(), &schema), "schema");
    return AvroSchema(schema);
}

}  // namespace kesher::codec
